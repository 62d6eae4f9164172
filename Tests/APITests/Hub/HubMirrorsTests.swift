import Accounts
import Core
import Database
import Events
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ObjectStore
import Outbound
import Repositories
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import API

/// Repositories that follow those of another server, which is this one under another name, over real sockets.
@Suite struct HubMirrorsTests {
    @Test func `a mirror brings what is new, moved and gone`() async throws {
        try await withTwo { two in
            let first = try await two.commit("one", on: "main")
            try await two.git("update-ref", "refs/heads/old", first, in: two.theirs)
            try await two.git("update-ref", "refs/heads/-odd", first, in: two.theirs)
            try await two.git("update-ref", "refs/heads/HEAD/x", first, in: two.theirs)
            try await two.git("update-ref", "refs/notes/commits", first, in: two.theirs)
            try await two.git("tag", "v1", first, in: two.theirs)
            try await two.git("symbolic-ref", "HEAD", "refs/heads/old", in: two.theirs)

            try await two.set("pull", two.url)
            #expect(try await two.run() == nil)

            #expect(
                try await two.refs(two.ours) == [
                    "refs/heads/main": first, "refs/heads/old": first, "refs/tags/v1": first,
                ]
            )
            #expect(try await two.git("symbolic-ref", "HEAD", in: two.ours) == "refs/heads/old")
            let second = try await two.commit("two", on: "main")
            try await two.git("update-ref", "-d", "refs/heads/old", in: two.theirs)
            try await two.git("update-ref", "refs/heads/old/new", second, in: two.theirs)
            try await two.git("update-ref", "refs/tags/v1", second, in: two.theirs)
            try await two.git("symbolic-ref", "HEAD", "refs/heads/main", in: two.theirs)
            #expect(try await two.sync() == .accepted)
            #expect(try await two.run() == nil)

            let moved = ["refs/heads/main": second, "refs/heads/old/new": second, "refs/tags/v1": second]
            #expect(try await two.refs(two.ours) == moved)
            #expect(try await two.repositories.refLog.known(two.mine.workspace).refs == moved)
            #expect(try await two.git("symbolic-ref", "HEAD", in: two.ours) == "refs/heads/main")
            #expect(
                try await two.events() == [
                    "ann mirror.set", "ann git.branch_created", "ann git.branch_created",
                    "ann git.tag_created",
                    "ann mirror.synced", "ann git.pushed", "ann git.branch_deleted", "ann git.branch_created",
                    "ann git.tag_moved", "ann mirror.synced",
                ]
            )

            // Nothing else has changed.
            try await two.git("symbolic-ref", "HEAD", "refs/heads/old/new", in: two.theirs)
            #expect(try await two.sync() == .accepted)
            #expect(try await two.run() == nil)
            #expect(try await two.git("symbolic-ref", "HEAD", in: two.ours) == "refs/heads/old/new")
            let glances = try await two.repositories.glances(at: [two.mine.workspace])
            #expect(glances[two.mine.workspace]?.defaultBranch == "old/new")
        }
    }

    @Test func `a mirror takes to another server what is here, and nothing where there is nothing`()
        async throws
    {
        try await withTwo { two in
            let theirs = try await two.commit("theirs", on: "old")
            try await two.set("push", two.url)
            #expect(try await two.run() == nil)
            #expect(try await two.refs(two.theirs) == ["refs/heads/old": theirs])

            let ours = try await two.commit("ours", on: "topic", in: two.ours)
            _ = try await two.repositories.refLog.record(two.mine.workspace, ending: [])
            #expect(try await two.run() == nil)

            #expect(try await two.refs(two.theirs) == ["refs/heads/topic": ours])
            #expect(
                try await two.repositories.refLog.known(two.yours.workspace).refs == [
                    "refs/heads/topic": ours
                ]
            )
        }
    }

    @Test func `a name and a password are shown to the other server, and to nobody else`() async throws {
        try await withTwo(password: "s3cret:ü") { two in
            let commit = try await two.commit("one", on: "main")
            try await two.set("pull", two.url)
            #expect(try await two.run() == "The server asks for a user name and a password.")
            try await two.set("pull", two.url, userName: "ann", password: "wrong")
            #expect(try await two.run() == "The server refuses the user name or the password.")
            try await two.set("pull", two.url, userName: "ann", password: "s3cret:ü")
            #expect(try await two.run() == nil)

            #expect(try await two.refs(two.ours) == ["refs/heads/main": commit])
            let listed = try await two.list()
            #expect(listed.contains(#""has_password":true"#), "\(listed)")
            #expect(!listed.contains("s3cret"))
        }
    }

    @Test(arguments: ["moved", "here"])
    func `a redirect is not followed, wherever it leads`(path: String) async throws {
        try await withTwo { two in
            _ = try await two.commit("one", on: "main")
            try await two.set("pull", "\(two.server)/\(path)")

            #expect(
                try await two.run()?.hasPrefix("The server answers 302, a redirect, which is not followed")
                    == true
            )
            #expect(try await two.refs(two.ours).isEmpty)
            #expect(two.asked.all.isEmpty)
        }
    }

    @Test func `what is not there is told`() async throws {
        try await withTwo { two in
            try await two.set("pull", two.server + "/nothing")
            #expect(try await two.run() == "The server has no such repository.")
            try await two.set("pull", two.server + "/broken")
            #expect(try await two.run() == "The server answers 500.")
        }
    }

    /// The name leads elsewhere for everybody but the one who checked it.
    @Test func `git goes to the place that was checked`() async throws {
        try await withTwo { two in
            let commit = try await two.commit("one", on: "main")
            try await two.set("pull", two.url.replacing("127.0.0.1", with: "git.example"))
            #expect(try await two.run() == nil)
            #expect(try await two.refs(two.ours) == ["refs/heads/main": commit])
        }
    }

    @Test func `more than the limit is not taken, and nothing is left of it`() async throws {
        try await withTwo(limits: MirrorMeans.Limits(receivedBytes: 1_000)) { two in
            var entries = ""
            for number in 0..<8 {
                let noise = (0..<300_000).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
                    .joined()
                let blob = try await two.git("hash-object", "-w", "--stdin", in: two.theirs, input: noise)
                entries += "100644 blob \(blob)\tlarge-\(number)\n"
            }
            let tree = try await two.git("mktree", in: two.theirs, input: entries)
            let commit = try await two.git("commit-tree", tree, "-m", "large", in: two.theirs)
            try await two.git("update-ref", "refs/heads/main", commit, in: two.theirs)
            try await two.set("pull", two.url)

            #expect(
                try await two.run() == "The repository brings more than 1000 bytes, which is the limit here."
            )

            #expect(try await two.refs(two.ours).isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: two.ours + "/objects/pack")
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test func `a server that says nothing is given up`() async throws {
        try await withTwo(limits: MirrorMeans.Limits(timeSeconds: 1)) { two in
            try await two.set("pull", two.server + "/silent")
            #expect(try await two.run()?.contains("longer than") == true)
        }
    }

    @Test func `what is asked in the wrong way is refused`() async throws {
        try await withTwo { two in
            for body in [
                "{}", #"{"direction": "both", "address": "\#(two.url)"}"#, #"{"direction": "pull"}"#,
                #"{"direction": "pull", "address": "ssh://git@127.0.0.1/x"}"#,
                #"{"direction": "pull", "address": "\#(two.url)", "interval_seconds": 5}"#,
            ] {
                let answer = try await two.post("mirrors", body)
                #expect(answer.status == .unprocessableContent, "\(body)")
            }
            let synced = try await two.sync()
            #expect(synced == .notFound)
            for id in ["7", "x", "9999999999999999999999"] {
                let deleted = try await two.delete(id)
                #expect(deleted == .notFound)
            }
        }
    }
}

/// A server with the repository `ours`, and another with `theirs`, which may want a password.
private struct Two: Sendable {
    let repositories: Repositories
    let database: any Database
    let git: GitClient
    let mine: Caller
    let yours: Caller
    let server: String
    let client: any TestClientProtocol
    let asked: Asked

    var url: String { server + "/ann/theirs.git" }
    var ours: String { repositories.path(of: mine.workspace) }
    var theirs: String { repositories.path(of: yours.workspace) }

    func commit(_ message: String, on branch: String, in repository: String? = nil) async throws -> String {
        let place = repository ?? theirs
        let tree = try await git("mktree", in: place)
        let commit = try await git("commit-tree", tree, "-m", message, in: place)
        try await git("update-ref", "refs/heads/\(branch)", commit, in: place)
        return commit
    }

    func refs(_ repository: String) async throws -> [String: String] {
        let lines = try await git("for-each-ref", "--format=%(refname) %(objectname)", in: repository)
        let pairs = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    func set(
        _ direction: String,
        _ address: String,
        userName: String = "",
        password: String = ""
    ) async throws {
        let body = JSON.object([
            JSON.Member(key: "direction", value: .string(direction)),
            JSON.Member(key: "address", value: .string(address)),
            JSON.Member(key: "user_name", value: .string(userName)),
            JSON.Member(key: "password", value: .string(password)),
        ])
        let answer = try await post("mirrors", body.text)
        #expect(answer.status == .created, "\(String(buffer: answer.body))")
    }

    func post(_ path: String, _ body: String) async throws -> TestResponse {
        try await client.executeRequest(
            uri: "/api/v1/repos/ann/ours/\(path)",
            method: .post,
            headers: [.contentType: "application/json"],
            body: ByteBuffer(string: body)
        )
    }

    func sync() async throws -> HTTPResponse.Status { try await post("mirror-sync", "{}").status }

    func delete(_ id: String) async throws -> HTTPResponse.Status {
        try await client.executeRequest(
            uri: "/api/v1/repos/ann/ours/mirrors/\(id)",
            method: .delete,
            headers: [:],
            body: nil
        ).status
    }

    func list() async throws -> String {
        let answer = try await client.executeRequest(
            uri: "/api/v1/repos/ann/ours/mirrors",
            method: .get,
            headers: [:],
            body: nil
        )
        return String(buffer: answer.body)
    }

    /// Runs the mirror that is due.
    ///
    /// - Returns: Why it failed; nil where it did not.
    func run() async throws -> String? {
        let worker = MirrorWorker(repositories) { Issue.record($0) }
        #expect(try await worker.runNext())
        return try await repositories.mirrors(for: mine).list().first?.lastError
    }

    func events() async throws -> [String] {
        try await database.read { [mine] connection in
            try EventLog.read(for: mine, after: 0, limit: 1_000, in: connection)
        }.map { "\($0.actor) \($0.kind.rawValue)" }
    }
}

/// What the other server was asked for.
private final class Asked: Sendable {
    private let paths = Mutex<[String]>([])

    var all: [String] { paths.withLock { $0 } }

    func note(_ path: String) { paths.withLock { $0.append(path) } }
}

private func withTwo(
    password: String? = nil,
    limits: MirrorMeans.Limits = MirrorMeans.Limits(),
    _ body: @escaping @Sendable (Two) async throws -> Void
) async throws {
    let identity = Identity(account: AccountID(key: 1), login: "ann", means: .password)
    let (mine, yours) = (WorkspaceID(key: 7), WorkspaceID(key: 8))
    let asked = Asked()
    let folder = try TemporaryFolder()
    let authorization = password.map { "Basic " + Data("ann:\($0)".utf8).base64EncodedString() }
    let means = MirrorMeans(
        client: OutboundClient(
            policy: .mirrors(allowsPrivateAddresses: true),
            resolver: Resolver { _ in [NetworkAddress(bytes: [127, 0, 0, 1])] }
        ),
        secrets: MirrorMeans.Secrets { secret, _ in
            Array(secret.utf8.reversed())
        } open: { sealed, _ in
            String(decoding: sealed.reversed(), as: UTF8.self)
        },
        limits: limits
    )
    let migrations =
        EventMigrations.all + ObjectStoreMigrations.all + AccountMigrations.all + RepositoryMigrations.all
    try await withDatabase(on: .sqlite, migrations: migrations) { database in
        let repositories = Repositories(
            database: database,
            folder: folder.path + "/repositories",
            mirrors: means
        )
        try repositories.storage.prepare(program: builtProgram)
        for workspace in [mine, yours] { try await repositories.storage.create(workspace) }
        let gate = Gate { request, _, target, _ in
            guard case .repository(_, let name) = target else {
                return Access(identity: identity, workspace: .server, role: nil)
            }
            if name == "theirs" {
                asked.note(request.uri.path)
                if let authorization, request.headers[.authorization] != authorization {
                    throw Refusal.signIn
                }
            }
            return Access(identity: identity, workspace: name == "theirs" ? yours : mine, role: .admin)
        }
        let endpoints =
            GitEndpoints.all(repositories)
            + Hub(
                accounts: Accounts(database: database) { _, _ in },
                repositories,
                Webhooks(database, WebhookMeans())
            ).mirrorEndpoints
            + oddServers
        let door = FrontDoor(routes: Routes(endpoints), gate: gate, guards: Guards(isEnabled: false))
        try await Application(responder: door).test(.live) { client in
            try await body(
                Two(
                    repositories: repositories,
                    database: database,
                    git: GitClient(home: folder.path),
                    mine: identity.caller(in: mine),
                    yours: identity.caller(in: yours),
                    server: "http://127.0.0.1:\(client.port ?? 0)",
                    client: client,
                    asked: asked
                )
            )
        }
    }
    try folder.remove()
}

/// Servers that are none of Git's.
private let oddServers = [
    Endpoint(.get, "moved/info/refs", in: .root, needs: .open) { call in
        let host = call.request.head.authority ?? ""
        return redirect("http://\(host)/ann/theirs.git/info/refs?service=git-upload-pack")
    },
    Endpoint(.get, "here/info/refs", in: .root, needs: .open) { _ in
        redirect("/ann/theirs.git/info/refs?service=git-upload-pack")
    },
    Endpoint(.get, "broken/info/refs", in: .root, needs: .open) { _ in
        .text("It is broken.", status: .internalServerError)
    },
    Endpoint(.get, "silent/info/refs", in: .root, needs: .open) { _ in
        try await Task.sleep(for: .seconds(20))
        return .text("Here I am.")
    },
]

private func redirect(_ address: String) -> Answer {
    var answer = Answer.text("It is elsewhere.", status: .found)
    answer.headers[.location] = address
    return answer
}
