import Foundation
import Subprocess
import TestSupport
import Testing

@testable import Repositories

@Suite struct PushHookTests {
    private static let zeros = String(repeating: "0", count: 40)
    private static let ones = String(repeating: "1", count: 40)
    private static let main = "\(zeros) \(ones) refs/heads/main\n"
    private static let side = "\(zeros) \(ones) refs/heads/side\n"

    /// What is not cleared, word for word and in its order, is judged by the program, which is told all of it.
    @Test(
        arguments: [
            (main, main, true), (main + side, main + side, true), (main, side, false),
            (main, main + side, false),
            ("", main, false), (main, main.replacing("main", with: "main "), false),
            (main, main.replacing("1", with: "2"), false), (main + side, side + main, false),
            (main, main.replacing("main", with: "$(touch planted)`touch planted`*\\n"), false),
        ] as [(String, String, Bool)]
    )
    func `what is cleared passes, and nothing else`(
        cleared: String,
        wished: String,
        passes: Bool
    ) async throws {
        try await withHook { hook in
            try Data(cleared.utf8).write(to: URL(filePath: hook.cleared))

            let said = try await hook.run(wished, server: getpid())

            #expect(said == (passes ? "" : "git-hook pre-receive: \(wished)"))
        }
    }

    @Test func `without a clearance, or without the server that gave it, the program judges`() async throws {
        try await withHook { hook in
            #expect(try await hook.run(Self.main, server: getpid()) == "git-hook pre-receive: \(Self.main)")
            try Data(Self.main.utf8).write(to: URL(filePath: hook.cleared))
            #expect(try await hook.run(Self.main, server: 1) == "git-hook pre-receive: \(Self.main)")
        }
    }

    @Test func `a push on which a rule hangs is not cleared`() async throws {
        let pusher = Pusher(bob, isAdmin: false)
        let open = RefRule(.branch, try RefPattern("main"), allowed: [.push: .init(.writers)])
        let rules = PushRules([open], for: pusher)
        try await withHook { hook in
            let clearance = PushClearance(in: hook.folder)
            let (old, new) = (String(repeating: "2", count: 40), Self.ones)
            for change in [
                // It could be forced.
                RefChange("refs/heads/main", from: old, to: new),
                RefChange("refs/heads/main", from: old, to: nil),
                RefChange("refs/heads/-x", from: nil, to: new),
                RefChange("refs/heads", from: nil, to: new), RefChange("HEAD", from: nil, to: new),
            ] {
                try await clearance.grant([RefChange("refs/heads/b", from: nil, to: new), change], by: rules)
                #expect(!FileManager.default.fileExists(atPath: clearance.path), "\(change)")
            }
            try await clearance.grant(
                [
                    RefChange("refs/heads/b", from: old, to: new),
                    // `git` refuses it after the hook.
                    RefChange("refs/pull/1/head", from: nil, to: new),
                    RefChange("refs/heads/main", from: nil, to: new),
                ],
                by: rules
            )
            let text = try String(contentsOfFile: clearance.path, encoding: .utf8)
            let hidden = "\(Self.zeros) \(new) refs/pull/1/head\n"
            #expect(text == "\(old) \(new) refs/heads/b\n\(hidden)\(Self.main)")
            clearance.withdraw()
            #expect(!FileManager.default.fileExists(atPath: clearance.path))
        }
    }
}

/// The hook with a program that says what it is given.
private struct Hook {
    let folder: String
    var cleared: String { folder + "/cleared/1" }

    func run(_ wished: String, server: Int32) async throws -> String {
        // The shell between stands for `git`, whose parent is the server.
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", "cd \"$1\" && ./hook; :", "sh", folder],
            environment: .inherit.updating(["ROOST_PUSH_CLEARED": cleared, "ROOST_SERVER": "\(server)"]),
            input: .inputWriter,
            output: .string(limit: 65_536),
            error: .discarded
        ) { try await $0.tell(wished) }
        #expect(!FileManager.default.fileExists(atPath: folder + "/planted"))
        let said = result.standardOutput
        // A document in a shell ends with a line end more.
        return said.hasSuffix("\n\n") ? String(said.dropLast()) : said
    }
}

private func withHook(_ body: (Hook) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let hook = Hook(folder: folder.path)
    try FileManager.default.createDirectory(
        atPath: hook.folder + "/cleared",
        withIntermediateDirectories: true
    )
    for (name, text) in [
        ("it's a program", "#!/bin/sh\nprintf '%s: ' \"$*\"\nexec cat\n"),
        ("hook", PushHook.script(program: hook.folder + "/it's a program")),
    ] {
        let path = "\(hook.folder)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }
    try await body(hook)
    try folder.remove()
}
