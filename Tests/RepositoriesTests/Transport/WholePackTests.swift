import Foundation
import NIOCore
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

    @Test func `tips that cannot be read are not taken for known`() async throws {
        try await withReceiver { receiver in
            let side = try await receiver.git("commit-tree", receiver.tree, "-m", "side", in: receiver.source)
            try await receiver.give(side)
            try await receiver.git("init", "-q", "programs")
            try receiver.write("#!/bin/sh\nexit 1\n", to: "programs/cat", mode: 0o700)

            let said = try await receiver.push(
                ["main": receiver.file, "side": side],
                [receiver.file],
                kind: "tags",
                path: "\(receiver.git.home)/programs:"
            )

            #expect(
                said.report == [
                    "unpack ok", "ng refs/tags/main missing necessary objects",
                    "ng refs/tags/side missing necessary objects",
                ]
            )
        }
    }

    @Test func `a note that cannot be written is no concern of the client`() async throws {
        try await withReceiver { receiver in
            try FileManager.default.removeItem(atPath: receiver.support + "/cleared")
            let said = try await receiver.push(["main": receiver.commit], receiver.all)
            #expect(said.report == ["unpack ok", "ok refs/heads/main"])
            #expect(said.isWalked)
            #expect(said.complaints.isEmpty)
        }
    }

    /// The script is there for the first push and for no other.
    @Test(arguments: Backend.available)
    func `the server spares only the first push the walk`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let support = place.path.split(separator: "/").dropLast().joined(separator: "/")
            let script = "/\(support)/.server/exec/git"
            let calls = "\(place.git.home)/calls"
            let original = try String(contentsOfFile: script, encoding: .utf8)
            let noting = original.replacing("#!/bin/sh\n", with: "#!/bin/sh\necho \"$1\" >> '\(calls)'\n")
            try Data(noting.utf8).write(to: URL(filePath: script))
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            let receiver = try await Receiver(place.git, support: place.git.home, repository: place.path)

            for name in ["one", "two"] {
                let request = try await receiver.request(
                    [(name, receiver.commit)],
                    receiver.all,
                    kind: "heads"
                )
                let changes = try await place.repositories.transport(of: iris).receive(
                    Whole(bytes: ByteBuffer(bytes: request)),
                    .zero,
                    over: .request,
                    by: Pusher(bob, isAdmin: false)
                ) { _ in }
                #expect(changes == [RefChange("refs/heads/\(name)", from: nil, to: receiver.commit)])
            }

            let noted = try String(contentsOfFile: calls, encoding: .utf8).split(separator: "\n")
            #expect(noted == ["index-pack", "rev-list"])
            let left = try FileManager.default.contentsOfDirectory(atPath: "/\(support)/.server/cleared")
            #expect(left.isEmpty)
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

/// A request that comes in one piece.
private struct Whole: AsyncSequence, Sendable {
    let bytes: ByteBuffer

    struct Iterator: AsyncIteratorProtocol {
        var bytes: ByteBuffer?

        mutating func next() async throws -> ByteBuffer? {
            defer { bytes = nil }
            return bytes
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }
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

    init(_ git: GitClient, support: String, repository: String) async throws {
        self.git = git
        self.support = support
        self.repository = repository
        source = "\(git.home)/here.git"
        try await git("init", "-q", "--bare", source)
        file = try await git("hash-object", "-w", "--stdin", in: source, input: "one\n")
        tree = try await git("mktree", in: source, input: "100644 blob \(file)\tone.txt\n")
        commit = try await git("commit-tree", tree, "-m", "one", in: source)
    }

    struct Said {
        let report: [String]
        /// Whether `git` was asked to walk from the new refs.
        let isWalked: Bool
        let complaints: String
        /// What is left of it, beside the script.
        let left: [String]
    }

    func write(_ text: String, to path: String, mode: Int) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(git.home)/\(path)"))
        try FileManager.default.setAttributes(
            [.posixPermissions: mode],
            ofItemAtPath: "\(git.home)/\(path)"
        )
    }

    /// Copies an object, without what it names.
    func give(_ object: String) async throws {
        _ = try await shell(#"git -C "$1" pack-objects -q --stdout | git -C "$2" unpack-objects -q"#, object)
    }

    /// What a client sends to push a pack with these objects and no others.
    func request(
        _ wishes: [(name: String, id: String)],
        _ objects: [String],
        kind: String
    ) async throws -> [UInt8] {
        let zeros = String(repeating: "0", count: 40)
        var lines = ""
        for (name, id) in wishes {
            let line = "\(zeros) \(id) refs/\(kind)/\(name)" + (lines.isEmpty ? "\0report-status" : "")
            let length = String(line.utf8.count + 4, radix: 16)
            lines += String(repeating: "0", count: 4 - length.count) + length + line
        }
        let pack = try await shell(#"git -C "$1" pack-objects -q --stdout"#, objects.joined(separator: "\n"))
        return Array("\(lines)0000".utf8) + pack.output
    }

    /// Pushes to `git` itself.
    func push(
        _ wishes: [String: String],
        _ objects: [String],
        kind: String = "heads",
        path: String = ""
    ) async throws -> Said {
        let wishes = wishes.sorted { $0.key < $1.key }.map { (name: $0.key, id: $0.value) }
        let request = try await request(wishes, objects, kind: kind)
        try Data(request).write(to: URL(filePath: support + "/request"))
        let wholePack = WholePack(in: support)
        let answer = try await shell(
            #"PATH="$4$PATH" GIT_TRACE="$3/trace" git receive-pack --stateless-rpc "$2" < "$3/request""#,
            path: path,
            wholePack.variables.merging(
                ["GIT_CONFIG_PARAMETERS": "'receive.unpackLimit=1' 'receive.fsckObjects=1'"]
            ) { $1 }
        )
        wholePack.withdraw()
        let traced = try String(contentsOfFile: support + "/trace", encoding: .utf8)
        try FileManager.default.removeItem(atPath: support + "/trace")
        // Behind the refs that there are come the lines of the report, each with its length before it.
        let lines = String(decoding: answer.output, as: UTF8.self).split(separator: "\n")
        let report = lines.compactMap { line in
            ["unpack ", "ok ", "ng "].compactMap { line.range(of: $0) }.map(\.lowerBound).min()
                .map { String(line[$0...]) }
        }
        let left = try? FileManager.default.contentsOfDirectory(atPath: "\(support)/cleared")
        return Said(
            report: report.filter { !$0.contains("report-status") },
            isWalked: traced.contains("built-in: git rev-list"),
            complaints: answer.error,
            left: left ?? []
        )
    }

    private func shell(
        _ script: String,
        _ input: String = "",
        path: String = "",
        _ variables: [String: String] = [:]
    ) async throws -> (output: [UInt8], error: String) {
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", script, "sh", source, repository, support, path],
            environment: .inherit.updating(
                Dictionary(
                    uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) }
                )
            ),
            input: .inputWriter,
            output: .bytes(limit: 65_536),
            error: .string(limit: 65_536)
        ) { try await $0.tell(input + "\n") }
        return (result.standardOutput, result.standardError)
    }
}

private func withReceiver(
    called name: String = "support",
    _ body: (Receiver) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    let git = GitClient(home: folder.path)
    let (support, repository) = ("\(folder.path)/\(name)", "\(folder.path)/there.git")
    for path in [support, "\(support)/cleared"] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try WholePack.prepare(in: support)
    try await git("init", "-q", "--bare", repository)
    try await body(Receiver(git, support: support, repository: repository))
    try folder.remove()
}
