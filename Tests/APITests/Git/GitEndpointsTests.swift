import API
import Accounts
import Core
import Database
import Events
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ObjectStore
import Repositories
import TestSupport
import Testing

/// The stock `git` against the endpoints, over a real socket.
@Suite struct GitEndpointsTests {
    @Test func `a repository is pushed and cloned`() async throws {
        try await withGit { host in
            // Both addresses of a repository are the same.
            try await host.git("clone", "-q", String(host.url.dropLast(".git".count)), "a")
            let first = try await host.commit("one.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "HEAD", in: "a")
            for version in ["0", "1", "2"] {
                try await host.git(
                    "-c",
                    "protocol.version=\(version)",
                    "clone",
                    "-q",
                    host.url,
                    "b\(version)"
                )
                #expect(try await host.git("rev-parse", "HEAD", in: "b\(version)") == first)
            }
            let second = try await host.commit("one.txt", "2", in: "a")
            try await host.git("tag", "v1", in: "a")
            try await host.git("push", "-q", "--atomic", "-o", "hello=1", "origin", "main", "v1", in: "a")
            try await host.git("fetch", "-q", in: "b2")
            #expect(try await host.git("rev-parse", "origin/main", in: "b2") == second)
            #expect(
                try await host.events() == [
                    "ann git.branch_created branch/main", "ann git.pushed branch/main",
                    "ann git.tag_created tag/v1",
                ]
            )
        }
    }

    @Test func `branches are forced and deleted`() async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "main", "main:topic", in: "a")
            try await host.git("commit", "-q", "--amend", "-m", "other", in: "a")
            let plain = try await host.git.attempt(["push", "origin", "main:topic"], in: "a")
            try await host.git("push", "-q", "--force", "origin", "main:topic", in: "a")
            try await host.git("push", "-q", "--delete", "origin", "topic", in: "a")
            let current = try await host.git.attempt(["push", "--delete", "origin", "main"], in: "a")

            #expect(!plain.isSuccess)
            #expect(plain.error.contains("[rejected]"))
            #expect(!current.isSuccess)
            #expect(
                current.error.contains("'main' is the default branch; make another one the default first.")
            )
            // Beside others it is refused alone.
            let several = try await host.git.attempt(
                ["push", "origin", ":main", "main:other", "main:refs/tags/v1"],
                in: "a"
            )
            #expect(!several.isSuccess)
            #expect(several.error.contains("deletion of the current branch prohibited"))
            #expect(
                try await host.events() == [
                    "ann git.branch_created branch/main", "ann git.branch_created branch/topic",
                    "ann git.pushed branch/topic", "ann git.branch_deleted branch/topic",
                    "ann git.branch_created branch/other", "ann git.tag_created tag/v1",
                ]
            )
        }
    }

    @Test func `clones are shallow, partial and of single commits`() async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            var commits: [String] = []
            for number in 0..<5 {
                commits.append(
                    try await host.commit(
                        "\(number).txt",
                        String(repeating: "\(number)", count: 9_000),
                        in: "a"
                    )
                )
            }
            try await host.git("push", "-q", "origin", "main", in: "a")

            try await host.git("clone", "-q", "--depth", "2", host.url, "shallow")
            #expect(try await host.git("rev-list", "--count", "HEAD", in: "shallow") == "2")
            try await host.git("fetch", "-q", "--unshallow", in: "shallow")
            #expect(try await host.git("rev-list", "--count", "HEAD", in: "shallow") == "5")

            try await host.git("clone", "-q", "--filter=blob:none", "--no-checkout", host.url, "partial")
            let missing = try await host.git(
                "rev-list",
                "--objects",
                "--missing=print",
                "HEAD",
                in: "partial"
            )
            #expect(missing.split(separator: "\n").filter { $0.hasPrefix("?") }.count == 5)
            try await host.git("checkout", "-q", "HEAD", in: "partial")

            try await host.git("init", "-q", "single")
            try await host.git("fetch", "-q", "--depth", "1", host.url, commits[1], in: "single")
            #expect(try await host.git("rev-parse", "FETCH_HEAD", in: "single") == commits[1])

            try await host.git("clone", "-q", "--depth", "1", host.url, "from-shallow")
            _ = try await host.commit("more.txt", "x", in: "from-shallow")
            try await host.git("push", "-q", "origin", "main", in: "from-shallow")
            #expect(try await host.git("rev-list", "--count", "main", in: host.path) == "6")
        }
    }

    @Test func `large pushes come in chunks, and large questions compressed`() async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            let noise = (0..<300_000).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
                .joined()
            _ = try await host.commit("large.txt", noise, in: "a")
            for number in 0..<60 { try await host.git("tag", "t\(number)", in: "a") }
            try await host.git("push", "-q", "origin", "main", "--tags", in: "a")
            // Many haves make the question longer than a kilobyte, from which on it is compressed.
            try await host.git("clone", "-q", host.url, "b")
            for number in 0..<40 { _ = try await host.commit("b\(number).txt", "\(number)", in: "b") }
            _ = try await host.commit("a.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "main", in: "a")
            for version in ["0", "2"] {
                try await host.git("-c", "protocol.version=\(version)", "fetch", "-q", in: "b")
            }
            try await host.git("fsck", "--strict", in: host.path)
            #expect(try await host.git("rev-list", "--count", "main", in: host.path) == "2")
        }
    }

    @Test func `protected branches hold, and git says why`() async throws {
        try await withGit(role: .write) { host in
            let rules = host.repositories.refRules(for: host.caller)
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            try await host.git(
                "push",
                "-q",
                "origin",
                "main",
                "main:open",
                "main:v/1",
                "main:refs/tags/v1",
                in: "a"
            )
            try await rules.set(RefRule(.branch, try RefPattern("main"), allowed: [.push: .init(.admins)]))
            try await rules.set(RefRule(.branch, try RefPattern("v/*"), allowed: [.push: .init(.writers)]))
            try await rules.set(RefRule(.tag, try RefPattern("v*"), allowed: [.push: .init(.writers)]))

            _ = try await host.commit("one.txt", "2", in: "a")
            try await host.git("push", "-q", "origin", "main:v/1", "main:refs/tags/v2", "main:free", in: "a")
            await host.expectRefusal(
                "refs/heads/main is protected by the branch rule 'main': you may not push to it. Push to another branch",
                ["push", "origin", "main", "main:open"]
            )
            await host.expectRefusal(
                "refs/heads/v/1 is protected by the branch rule 'v/*': you may not delete it.",
                ["push", "origin", ":v/1"]
            )
            await host.expectRefusal(
                "refs/tags/v1 is protected by the tag rule 'v*': you may not move it.",
                ["push", "--force", "origin", "main:refs/tags/v1"]
            )
            try await rules.set(RefRule(.tag, try RefPattern("v*"), allowed: [.push: .init(.admins)]))
            await host.expectRefusal(
                "refs/tags/v3 is protected by the tag rule 'v*': you may not make it. Give your tag another name",
                ["push", "origin", "main:refs/tags/v3"]
            )
            try await host.git("commit", "-q", "--amend", "-m", "other", in: "a")
            await host.expectRefusal(
                "refs/heads/v/1 is protected by the branch rule 'v/*': you may not force-push it.",
                ["push", "--force", "origin", "main:v/1"]
            )
            try await host.git("push", "-q", "--force", "origin", "main:free", in: "a")
            #expect(
                try await host.git("rev-parse", "open", in: host.path)
                    == host.git("rev-parse", "main", in: host.path)
            )
        }
    }

    /// The program of the hook refuses whatever it is asked.
    @Test func `a push that the server has judged needs no other program`() async throws {
        try await withGit(role: .write, program: "/bin/false") { host in
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "main", "main:topic", "main:refs/tags/v1", in: "a")
            _ = try await host.commit("one.txt", "2", in: "a")
            try await host.git("push", "-q", "origin", "main", ":topic", in: "a")
            let cleared = host.repositories.path(of: host.caller.workspace) + "/../.server/cleared"
            #expect(try FileManager.default.contentsOfDirectory(atPath: cleared).isEmpty)

            let rule = RefRule(.branch, try RefPattern("main"), allowed: [.push: .init(.writers)])
            try await host.repositories.refRules(for: host.caller).set(rule)
            _ = try await host.commit("one.txt", "3", in: "a")
            await host.expectRefusal("pre-receive hook declined", ["push", "origin", "main"])
            await host.expectRefusal("pre-receive hook declined", ["push", "origin", "main:a/-b"])
            try await host.git("push", "-q", "origin", "main:topic", in: "a")
        }
    }

    @Test(arguments: [
        ("refs/pull/1/head", "deny updating a hidden ref"), ("refs/roost/x", "deny updating a hidden ref"),
        ("refs/changes/1", "deny updating a hidden ref"), ("refs/headsx/1", "deny updating a hidden ref"),
        ("refs/heads/a/-b", "no part of a name may begin with '-'"),
        ("refs/heads/HEAD", "HEAD is no name for it"),
        ("refs/heads/HEAD/x", "a clone has no place for it beside its own HEAD"),
        ("refs/heads/@", "Git takes '@' for HEAD"), ("refs/tags/@", "Git takes '@' for HEAD"),
        ("refs/heads/refs/heads/z", "it could be taken for the whole name of another ref"),
        ("refs/heads/\(String(repeating: "a", count: 40))", "could be taken for that of an object"),
        ("refs/heads/" + String(repeating: "a/", count: 130) + "b", "longer than 255 bytes"),
    ])
    func `names that are not for clients are refused`(name: String, reason: String) async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            await host.expectRefusal(reason, ["push", "origin", "main:\(name)"])
            #expect(try await host.git("for-each-ref", in: host.path) == "")
        }
    }

    /// As a mirror of a repository elsewhere has them, whose branches and tags are wanted.
    @Test func `refs that have no place here are refused singly`() async throws {
        try await withGit(role: .write) { host in
            try await host.git("clone", "-q", host.url, "a")
            let first = try await host.commit("one.txt", "1", in: "a")
            try await host.git("tag", "v1", in: "a")
            for name in ["pull/1/head", "merge-requests/1/head", "remotes/theirs/x"] {
                try await host.git("update-ref", "refs/\(name)", first, in: "a")
            }
            await host.expectRefusal("(deny updating a hidden ref)", ["push", "--mirror", "origin"])

            // The server has cleared the first; on the next hangs a rule, so that the program of the hook judges it.
            let rule = RefRule(.branch, try RefPattern("main"), allowed: [.push: .init(.writers)])
            try await host.repositories.refRules(for: host.caller).set(rule)
            let second = try await host.commit("one.txt", "2", in: "a")
            try await host.git("update-ref", "refs/pull/1/head", second, in: "a")
            await host.expectRefusal("(deny updating a hidden ref)", ["push", "--mirror", "origin"])

            #expect(
                try await host.git("for-each-ref", "--format=%(objectname) %(refname)", in: host.path)
                    == "\(second) refs/heads/main\n\(first) refs/tags/v1"
            )
            #expect(
                try await host.events() == [
                    "ann git.branch_created branch/main", "ann git.tag_created tag/v1",
                    "ann git.pushed branch/main",
                ]
            )
        }
    }

    @Test func `trees that would harm who checks them out are refused`() async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            let blob = try await host.git("hash-object", "-w", "--stdin", in: "a", input: "x")
            let link = try await host.git("hash-object", "-w", "--stdin", in: "a", input: "../../etc")
            let modules = try await host.git(
                "hash-object",
                "-w",
                "--stdin",
                in: "a",
                input: "[submodule \"x\"]\n\tpath = x\n\turl = -u./payload\n"
            )
            let trees = [
                "100644 blob \(blob)\t.git\n", "100644 blob \(blob)\t.GIT\n", "100644 blob \(blob)\tgit~1\n",
                "100644 blob \(blob)\t.g\u{200C}it\n", "100644 blob \(blob)\t..\n",
                "120000 blob \(link)\t.gitmodules\n", "100644 blob \(modules)\t.gitmodules\n",
            ]
            for text in trees {
                let tree = try await host.git("mktree", in: "a", input: text)
                let commit = try await host.git("commit-tree", tree, "-m", "bad", in: "a")
                let said = try await host.git.attempt(
                    ["push", "origin", "\(commit):refs/heads/bad"],
                    in: "a"
                )
                #expect(!said.isSuccess, "\(text)")
            }
            #expect(try await host.git("for-each-ref", in: host.path) == "")
            #expect(try await host.events().isEmpty)
        }
    }

    @Test func `hooks and settings that somebody plants in a repository do nothing`() async throws {
        try await withGit { host in
            let hooks = host.path + "/hooks"
            try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
            for hook in ["pre-receive", "update", "post-receive", "post-update", "reference-transaction"] {
                try Data("#!/bin/sh\ntouch '\(host.path)/planted'\n".utf8).write(
                    to: URL(filePath: "\(hooks)/\(hook)")
                )
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: "\(hooks)/\(hook)"
                )
            }
            try await host.git("config", "core.hooksPath", hooks, in: host.path)
            try await host.git("config", "receive.fsckObjects", "false", in: host.path)

            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "main", in: "a")

            #expect(!FileManager.default.fileExists(atPath: host.path + "/planted"))
            #expect(try await host.events() == ["ann git.branch_created branch/main"])
        }
    }

    @Test func `two who push one branch lose nothing`() async throws {
        try await withGit { host in
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            try await host.git("push", "-q", "origin", "main", in: "a")
            try await host.git("clone", "-q", host.url, "b")
            let ours = try await host.commit("a.txt", "1", in: "a")
            let theirs = try await host.commit("b.txt", "1", in: "b")

            async let left = host.git.attempt(["push", "origin", "main"], in: "a")
            async let right = host.git.attempt(["push", "origin", "main"], in: "b")
            let said = try await [left, right]

            #expect(said.filter(\.isSuccess).count == 1)
            let winner = try await host.git("rev-parse", "main", in: host.path)
            #expect(winner == (said[0].isSuccess ? ours : theirs))
            #expect(
                try await host.events() == [
                    "ann git.branch_created branch/main", "ann git.pushed branch/main",
                ]
            )
        }
    }

    @Test func `what is not the smart protocol is refused`() async throws {
        try await withGit { host in
            let upload = "application/x-git-upload-pack-request"
            let cases: [(HTTPRequest.Method, String, HTTPFields, Int)] = [
                (.get, "/ann/iris.git/info/refs", [:], 403),
                (.get, "/ann/iris.git/info/refs?service=git-shell", [:], 403),
                (.get, "/ann/iris.git/HEAD", [:], 404), (.get, "/ann/iris.git/objects/info/packs", [:], 404),
                (.post, "/ann/iris.git/git-upload-pack", [.contentType: "text/plain"], 415),
                (.post, "/ann/iris.git/git-upload-pack", [:], 415),
                (
                    .post, "/ann/iris.git/git-upload-pack", [.contentType: upload, .contentEncoding: "br"],
                    415
                ),
            ]
            for (method, path, headers, status) in cases {
                let answer = try await host.client.execute(uri: path, method: method, headers: headers)
                #expect(answer.status.code == status, "\(method) \(path)")
            }
        }
    }

    @Test func `who may not push is told before anything is sent`() async throws {
        try await withGit(role: .read) { host in
            try await host.git("clone", "-q", host.url, "a")
            _ = try await host.commit("one.txt", "1", in: "a")
            let said = try await host.git.attempt(["push", "origin", "main"], in: "a")
            #expect(!said.isSuccess)
            #expect(said.error.contains("403"))
            #expect(said.error.contains("remote: You may read "), "\(said.error)")
        }
    }

    @Test func `who does not keep pace is given up, whichever way the bytes go`() async throws {
        let pace = Pace(bytesPerSecond: 1e15, over: .zero)
        let limits = ConversationLimits(quiet: .seconds(60), longest: .seconds(60), pace: pace)
        try await withGit(conversations: limits) { host in
            let said = try await host.git.attempt(["clone", host.url, "a"])
            #expect(!said.isSuccess)
            await #expect(throws: (any Error).self) {
                _ = try await host.client.execute(
                    uri: "/ann/iris.git/git-upload-pack",
                    method: .post,
                    headers: [
                        .contentType: "application/x-git-upload-pack-request",
                        HTTPField.Name("Git-Protocol") ?? .te: "version=2",
                    ],
                    body: ByteBuffer(string: "0014command=ls-refs\n0000")
                )
            }
        }
    }

    @Test func `what is advertised has the headers of the protocol`() async throws {
        try await withGit { host in
            let answer = try await host.client.execute(
                uri: "/ann/iris.git/info/refs?service=git-receive-pack",
                method: .get
            )
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "application/x-git-receive-pack-advertisement")
            #expect(answer.headers[.cacheControl]?.hasPrefix("no-cache") == true)
            #expect(String(buffer: answer.body).hasPrefix("001f# service=git-receive-pack\n0000"))
        }
    }
}

/// A served repository, and a person with the stock `git` beside it.
private struct Host: Sendable {
    let repositories: Repositories
    let database: any Database
    let git: GitClient
    let caller: Caller
    let url: String
    let client: any TestClientProtocol

    var path: String { repositories.path(of: caller.workspace) }

    /// - Returns: The id of the commit.
    func commit(_ file: String, _ text: String, in folder: String) async throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(git.home)/\(folder)/\(file)"))
        try await git("add", ".", in: folder)
        try await git("commit", "-q", "-m", file, in: folder)
        return try await git("rev-parse", "HEAD", in: folder)
    }

    func events() async throws -> [String] {
        try await database.read { [caller] connection in
            try EventLog.read(for: caller, after: 0, limit: 1_000, in: connection)
        }
        .filter { $0.kind != .gitRuleSet }
        .map { "\($0.actor) \($0.kind.rawValue) \($0.subject)" }
    }

    func expectRefusal(
        _ reason: String,
        _ arguments: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            let said = try await git.attempt(arguments, in: "a")
            #expect(!said.isSuccess, sourceLocation: sourceLocation)
            #expect(said.error.contains(reason), "\(said.error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}

private func withGit(
    role: Role = .admin,
    conversations: ConversationLimits = .standard,
    program: String = builtProgram,
    _ body: @escaping @Sendable (Host) async throws -> Void
) async throws {
    let identity = Identity(account: AccountID(key: 1), login: "ann", means: .password)
    let access = Access(identity: identity, workspace: WorkspaceID(key: 7), role: role)
    let caller = access.caller
    let folder = try TemporaryFolder()
    try await withDatabase(
        on: .sqlite,
        migrations: EventMigrations.all + ObjectStoreMigrations.all + RepositoryMigrations.all
    ) { database in
        let repositories = Repositories(
            database: database,
            folder: folder.path + "/repositories",
            conversations: conversations
        )
        try repositories.storage.prepare(program: program)
        try await repositories.storage.create(caller.workspace)
        let gate = Gate { _, _, _, endpoint in
            if endpoint.right == .write, role < .write { throw Refusal.mayNot("You may only read here.") }
            return access
        }
        let door = FrontDoor(routes: Routes(GitEndpoints.all(repositories)), gate: gate)
        try await Application(responder: door).test(.live) { client in
            try await body(
                Host(
                    repositories: repositories,
                    database: database,
                    git: GitClient(home: folder.path),
                    caller: caller,
                    url: "http://127.0.0.1:\(client.port ?? 0)/ann/iris.git",
                    client: client
                )
            )
        }
    }
    try folder.remove()
}

/// The program beside the tests, which is built with them.
var builtProgram: String {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/",
        !FileManager.default.isExecutableFile(atPath: folder.appending(path: "roost").path)
    {
        folder.deleteLastPathComponent()
    }
    return folder.appending(path: "roost").path
}
