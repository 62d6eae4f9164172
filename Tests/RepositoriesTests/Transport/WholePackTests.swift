import Foundation
import Subprocess
import TestSupport
import Testing

@testable import Repositories

/// A stock `git receive-pack` that finds the script before `git`, and says what it runs.
@Suite struct WholePackTests {
    @Test func `a first push that is whole is not walked over again`() async throws {
        try await withReceiver { receiver in
            let said = try await receiver.push(["main": receiver.commit], receiver.all)

            #expect(said.report == ["unpack ok", "ok refs/heads/main"])
            #expect(!said.isWalked)
            #expect(try await receiver.git("fsck", "--strict", in: receiver.repository).isEmpty)
            #expect(said.left.isEmpty)
        }
    }

    @Test func `what names objects that were there before is walked over, and taken`() async throws {
        try await withReceiver { receiver in
            try await receiver.give(receiver.file)

            let said = try await receiver.push(["main": receiver.commit], [receiver.commit, receiver.tree])

            #expect(said.report == ["unpack ok", "ok refs/heads/main"])
            #expect(said.isWalked)
        }
    }

    @Test func `what names objects that are nowhere is refused`() async throws {
        try await withReceiver { receiver in
            let said = try await receiver.push(["main": receiver.commit], [receiver.commit, receiver.tree])

            #expect(said.report == ["unpack index-pack abnormal exit", "ng refs/heads/main unpacker error"])
            #expect(try await receiver.git("for-each-ref", in: receiver.repository).isEmpty)
            #expect(
                try await receiver.git("count-objects", "-v", in: receiver.repository).contains("in-pack: 0")
            )
        }
    }

    /// The pack that comes is whole, and says nothing of the other ref.
    @Test func `a ref that begins outside the pack is walked over`() async throws {
        try await withReceiver { receiver in
            let side = try await receiver.git(
                "commit-tree",
                receiver.tree,
                "-m",
                "side",
                in: receiver.source
            )
            try await receiver.give(side)
            let wishes = ["main": receiver.file, "side": side]

            let refused = try await receiver.push(wishes, [receiver.file], kind: "tags")

            #expect(refused.isWalked)
            #expect(
                refused.report == [
                    "unpack ok", "ok refs/tags/main", "ng refs/tags/side missing necessary objects",
                ]
            )
            for object in [receiver.tree, receiver.file] { try await receiver.give(object) }
            let taken = try await receiver.push(["side": side], [receiver.file], kind: "tags")
            #expect(taken.isWalked)
            #expect(taken.report == ["unpack ok", "ok refs/tags/side"])
        }
    }

    @Test func `the folder of a server may be called anything`() async throws {
        #expect(WholePack(in: "/srv/a:b").variables.isEmpty)
        try await withReceiver(called: "it's $HOME") { receiver in
            let said = try await receiver.push(["main": receiver.commit], receiver.all)
            #expect(said.report.first == "unpack ok")
            #expect(!said.isWalked)
        }
    }
}

/// An empty repository that takes pushes, and another with a commit of one file.
private struct Receiver {
    let git: GitClient
    let support: String
    let repository: String
    let source: String
    let commit: String
    let tree: String
    let file: String

    var all: [String] { [commit, tree, file] }

    struct Said {
        let report: [String]
        /// Whether `git` was asked to walk from the new refs.
        let isWalked: Bool
        /// What is left of it, beside the script.
        let left: [String]
    }

    /// Copies an object, without what it names.
    func give(_ object: String) async throws {
        try await shell(#"git -C "$1" pack-objects -q --stdout | git -C "$2" unpack-objects -q"#, object)
    }

    /// Pushes a pack with these objects and no others.
    func push(_ wishes: [String: String], _ objects: [String], kind: String = "heads") async throws -> Said {
        let zeros = String(repeating: "0", count: 40)
        var lines = ""
        for (name, id) in wishes.sorted(by: { $0.key < $1.key }) {
            let line = "\(zeros) \(id) refs/\(kind)/\(name)" + (lines.isEmpty ? "\0report-status" : "")
            let length = String(line.utf8.count + 4, radix: 16)
            lines += String(repeating: "0", count: 4 - length.count) + length + line
        }
        try Data("\(lines)0000".utf8).write(to: URL(filePath: support + "/wishes"))
        let trace = support + "/trace"
        let wholePack = WholePack(in: support)
        let answer = try await shell(
            #"""
            { cat "$3/wishes"; git -C "$1" pack-objects -q --stdout; } | GIT_TRACE="$3/trace" git receive-pack --stateless-rpc "$2"
            """#,
            objects.joined(separator: "\n"),
            wholePack.variables.merging([
                "GIT_CONFIG_PARAMETERS": "'receive.unpackLimit=1' 'receive.fsckObjects=1'"
            ]) { $1 }
        )
        wholePack.withdraw()
        let traced = try String(contentsOfFile: trace, encoding: .utf8)
        try FileManager.default.removeItem(atPath: trace)
        // Behind the refs that there are come the lines of the report, each with its length before it.
        let report = answer.split(separator: "\n").compactMap { line in
            ["unpack ", "ok ", "ng "].compactMap { line.range(of: $0) }.map(\.lowerBound).min().map {
                String(line[$0...])
            }
        }
        return Said(
            report: report.filter { !$0.contains("report-status") },
            isWalked: traced.contains("built-in: git rev-list"),
            left: try FileManager.default.contentsOfDirectory(atPath: "\(support)/cleared")
        )
    }

    @discardableResult
    private func shell(
        _ script: String,
        _ input: String,
        _ variables: [String: String] = [:]
    ) async throws -> String {
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", script, "sh", source, repository, support],
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })
            ),
            input: .string(input + "\n"),
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        return result.standardOutput
    }
}

private func withReceiver(
    called name: String = "support",
    _ body: (Receiver) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    let git = GitClient(home: folder.path)
    let (support, repository, source) = (
        "\(folder.path)/\(name)", "\(folder.path)/there.git", "\(folder.path)/here.git"
    )
    for path in [support, "\(support)/cleared"] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try WholePack.prepare(in: support)
    try await git("init", "-q", "--bare", repository)
    try await git("init", "-q", "--bare", source)
    let file = try await git("hash-object", "-w", "--stdin", in: source, input: "one\n")
    let tree = try await git("mktree", in: source, input: "100644 blob \(file)\tone.txt\n")
    let commit = try await git("commit-tree", tree, "-m", "one", in: source)
    try await body(
        Receiver(
            git: git,
            support: support,
            repository: repository,
            source: source,
            commit: commit,
            tree: tree,
            file: file
        )
    )
    try folder.remove()
}
