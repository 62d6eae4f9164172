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
import NIOPosix
import ObjectStore
import Repositories
import TestSupport
import Testing

private let lfs = "/ann/iris.git/info/lfs"
private let lfsType = "application/vnd.git-lfs+json"
/// Of `hello`.
private let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
private let other = String(repeating: "0", count: 64)

@Suite struct LFSEndpointsTests {
    @Test func `a file goes up and comes down`() async throws {
        try await withLFS { host in
            let batch =
                #"{"operation":"upload","transfers":["basic","ssh"],"ref":{"name":"refs/heads/main"},"#
                + #""hash_algo":"sha256","objects":[{"oid":"\#(hello)","size":5}]}"#
            let base = "http://localhost\(lfs)"
            let first = try await host.post("objects/batch", batch)
            #expect(first.headers[.contentType] == lfsType)
            #expect(
                String(buffer: first.body)
                    == #"{"transfer":"basic","objects":[{"oid":"\#(hello)","size":5,"actions":{"#
                    + #""upload":{"href":"\#(base)/objects/\#(hello)"},"verify":{"href":"\#(base)/verify"}}}],"#
                    + #""hash_algo":"sha256"}"#
            )

            let put = try await host.ask(.put, "objects/\(hello)", "hello", type: "application/octet-stream")
            #expect(put.status == .ok)
            let verified = try await host.post("verify", #"{"oid":"\#(hello)","size":5}"#)
            #expect(verified.status == .ok)
            let second = try await host.post("objects/batch", batch)
            #expect(
                String(buffer: second.body)
                    == #"{"transfer":"basic","objects":[{"oid":"\#(hello)","size":5}],"hash_algo":"sha256"}"#
            )
            let download = try await host.post(
                "objects/batch",
                #"{"operation":"download","objects":[{"oid":"\#(hello)","size":5},{"oid":"\#(other)","size":5},"#
                    + #"{"oid":"x","size":1},{"oid":"\#(hello)","size":6}]}"#,
                by: "eve"
            )
            #expect(
                String(buffer: download.body)
                    == #"{"transfer":"basic","objects":[{"oid":"\#(hello)","size":5,"actions":{"download":"#
                    + #"{"href":"\#(base)/objects/\#(hello)"}}},"#
                    + #"{"oid":"\#(other)","size":5,"error":{"code":404,"message":"The repository has no object \#(other)."}},"#
                    + #"{"oid":"x","size":1,"error":{"code":422,"message":"An oid is a SHA-256 in 64 lower-case "#
                    + #"hexadecimal digits."}},{"oid":"\#(hello)","size":6,"error":{"code":422,"message":"#
                    + #""The object \#(hello) has 5 bytes, not 6."}}],"hash_algo":"sha256"}"#
            )
            let whole = try await host.ask(.get, "objects/\(hello)", by: "eve")
            #expect(String(buffer: whole.body) == "hello")
            #expect(whole.headers[.eTag] == "\"\(hello)\"")
            let part = try await host.ask(.get, "objects/\(hello)", by: "eve", [.range: "bytes=1-3"])
            #expect(part.status == .partialContent)
            #expect(String(buffer: part.body) == "ell")
        }
    }

    @Test func `links stay below the prefix that the server is asked at`() async throws {
        try await withLFS(prefix: "/roost") { host in
            let answer = try await host.client.execute(
                uri: "/roost/ann/iris/info/lfs/objects/batch",
                method: .post,
                headers: [.contentType: lfsType, .authorization: basic("ann")],
                body: ByteBuffer(string: #"{"operation":"upload","objects":[{"oid":"\#(hello)","size":5}]}"#)
            )
            #expect(
                String(buffer: answer.body).contains(
                    #""href":"http://localhost/roost/ann/iris/info/lfs/objects/\#(hello)""#
                )
            )
        }
    }

    @Test func `what is wrong is said in the words of the protocol`() async throws {
        let many = Array(repeating: #"{"oid":"\#(hello)","size":5}"#, count: 1_001).joined(separator: ",")
        let cases: [(path: String, body: String, status: Int, words: String)] = [
            ("objects/batch", "{", 422, "Invalid JSON"),
            ("objects/batch", "[]", 422, "must be a JSON object"),
            ("objects/batch", "{}", 422, "'download' or 'upload'"),
            ("objects/batch", #"{"operation":"erase","objects":[]}"#, 422, "'download' or 'upload'"),
            ("objects/batch", #"{"operation":"upload"}"#, 422, "objects are missing"),
            ("objects/batch", #"{"operation":"upload","objects":[{}]}"#, 422, "an oid and a size"),
            ("objects/batch", #"{"operation":"upload","objects":[1]}"#, 422, "objects"),
            ("objects/batch", #"{"operation":"upload","objects":[],"transfers":["tus"]}"#, 422, "'basic'"),
            ("objects/batch", #"{"operation":"upload","objects":[],"hash_algo":"sha512"}"#, 409, "'sha256'"),
            ("objects/batch", #"{"operation":"upload","objects":[],"ref":{}}"#, 422, "a name"),
            ("objects/batch", #"{"operation":"upload","objects":[\#(many)]}"#, 413, "1000 objects"),
            ("verify", #"{"oid":"\#(hello)","size":5}"#, 404, "has no object"),
            ("verify", #"{"oid":"../../x","size":5}"#, 422, "SHA-256"),
            ("locks", "{}", 422, "the path of a file"),
            ("locks", #"{"path":"/a"}"#, 422, "the path of a file"),
            ("locks/verify", #"{"limit":-1}"#, 422, "not negative"),
            ("locks/none/unlock", "{}", 404, "no lock 'none'"),
        ]
        try await withLFS { host in
            for (path, body, status, words) in cases {
                let answer = try await host.post(path, body)
                #expect(answer.status.code == status, "\(path) \(body.prefix(80))")
                #expect(answer.headers[.contentType] == lfsType)
                let said = try JSON(parsing: Array(answer.body.readableBytesView))
                guard case .string(let message) = said["message"] else {
                    Issue.record("\(path) says nothing")
                    continue
                }
                #expect(message.contains(words), "\(message)")
            }
            let upper = try await host.ask(.get, "objects/\(hello.uppercased())")
            #expect(upper.status == .unprocessableContent)
            let wrong = try await host.ask(.put, "objects/\(other)", "hello", type: "text/plain")
            #expect(wrong.status == .unprocessableContent)
            let form = try await host.ask(.post, "locks", #"{"path":"a"}"#, type: "text/plain")
            #expect(form.status == .unsupportedMediaType)
        }
    }

    @Test func `who may read gets files, and who may write sends them`() async throws {
        try await withLFS { host in
            let objects = #""objects":[{"oid":"\#(hello)","size":5}]}"#
            let (upload, download) = (
                #"{"operation":"upload","# + objects, #"{"operation":"download","# + objects
            )
            let cases: [(HTTPRequest.Method, String, String, eve: Int, nobody: Int)] = [
                (.post, "objects/batch", download, 200, 401), (.post, "objects/batch", upload, 403, 401),
                (.put, "objects/\(hello)", "hello", 403, 401), (.get, "objects/\(hello)", "", 404, 401),
                (.post, "verify", "{}", 403, 401), (.post, "locks", "{}", 403, 401),
                (.get, "locks", "", 200, 401), (.post, "locks/verify", "{}", 403, 401),
                (.post, "locks/1/unlock", "{}", 403, 401),
            ]
            for (method, path, body, eve, nobody) in cases {
                let hers = try await host.ask(method, path, body, by: "eve")
                #expect(hers.status.code == eve, "\(method) \(path)")
                let theirs = try await host.ask(method, path, body, by: nil)
                #expect(theirs.status.code == nobody, "\(method) \(path)")
                #expect(theirs.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
            }
        }
    }

    @Test func `locks are made, told and undone`() async throws {
        try await withLFS { host in
            let made = try await host.post("locks", #"{"path":"a/b.bin","ref":{"name":"refs/heads/main"}}"#)
            #expect(made.status == .created)
            let id = try #require(JSON(parsing: Array(made.body.readableBytesView))["lock"]?["id"])
            let lock =
                #"{"id":\#(id.text),"path":"a/b.bin","locked_at":"1970-01-01T00:00:01Z","owner":{"name":"ann"}}"#
            #expect(String(buffer: made.body) == #"{"lock":\#(lock)}"#)

            let taken = try await host.post("locks", #"{"path":"a/b.bin"}"#, by: "bob")
            #expect(taken.status == .conflict)
            #expect(
                String(buffer: taken.body)
                    == #"{"lock":\#(lock),"message":"'a/b.bin' is locked already, by ann."}"#
            )
            for query in [
                "", "?path=a%2Fb.bin&refspec=refs/heads/main&limit=0",
                "?id=\(id.text.dropFirst().dropLast())",
            ] {
                let listed = try await host.ask(.get, "locks\(query)", by: "eve")
                #expect(String(buffer: listed.body) == #"{"locks":[\#(lock)]}"#)
            }
            let mine = try await host.post("locks/verify", "{}")
            #expect(String(buffer: mine.body) == #"{"ours":[\#(lock)],"theirs":[]}"#)
            let theirs = try await host.post("locks/verify", #"{"cursor":"","limit":1}"#, by: "bob")
            #expect(String(buffer: theirs.body) == #"{"ours":[],"theirs":[\#(lock)]}"#)

            let path = "locks/\(id.text.dropFirst().dropLast())/unlock"
            let refused = try await host.post(path, "{}", by: "bob")
            #expect(refused.status == .forbidden)
            let forced = try await host.post(path, #"{"force":true}"#, by: "bob")
            #expect(String(buffer: forced.body) == #"{"lock":\#(lock)}"#)
            let none = try await host.ask(.get, "locks")
            #expect(String(buffer: none.body) == #"{"locks":[]}"#)
        }
    }

    @Test func `the stock client shows its password, and heeds the locks of others`() async throws {
        try await withLFS(.live) { host in
            let git = host.git
            try await git("lfs", "install", "--skip-repo")
            try await git("clone", "-q", host.url(of: "ann"), "a")
            try await git("lfs", "track", "*.bin", in: "a")
            try await host.commit("one.bin", "1", in: "a")
            try await git("push", "-q", "origin", "main", in: "a")
            try await git("lfs", "lock", "one.bin", in: "a")

            try await git("clone", "-q", host.url(of: "eve"), "e")
            #expect(try host.read("e/one.bin") == "1")
            try await host.commit("two.bin", "2", in: "e")
            let reader = try await git.attempt(["push", "origin", "main"], in: "e")
            #expect(!reader.isSuccess)

            try await git("clone", "-q", host.url(of: "bob"), "b")
            try await git("config", "lfs.locksverify", "true", in: "b")
            try await host.commit("one.bin", "3", in: "b")
            let locked = try await git.attempt(["push", "origin", "main"], in: "b")
            #expect(!locked.isSuccess)
            #expect(
                (locked.output + locked.error).contains("one.bin - ann"),
                "\(locked.output)\(locked.error)"
            )
            try await git("lfs", "unlock", "one.bin", in: "a")
            try await git("push", "-q", "origin", "main", in: "b")
            try await git("pull", "-q", in: "a")
            #expect(try host.read("a/one.bin") == "3")
        }
    }
}

/// A served repository that `ann` and `bob` may write and `eve` may read; the password is the name.
private struct LFSHost: Sendable {
    let client: any TestClientProtocol
    let git: GitClient

    func post(
        _ path: String,
        _ body: String,
        by name: String? = "ann",
        _ headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await ask(.post, path, body, by: name, headers)
    }

    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String = "",
        by name: String? = "ann",
        type: String = lfsType + "; charset=utf-8",
        _ headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = type
        headers[.authorization] = name.map(basic)
        return try await client.execute(
            uri: "\(lfs)/\(path)",
            method: method,
            headers: headers,
            body: ByteBuffer(string: body)
        )
    }

    func url(of name: String) -> String {
        "http://\(name):\(name)@127.0.0.1:\(client.port ?? 0)/ann/iris.git"
    }

    func commit(_ file: String, _ text: String, in folder: String) async throws {
        try Data(text.utf8).write(to: URL(filePath: "\(git.home)/\(folder)/\(file)"))
        try await git("add", ".", in: folder)
        try await git("commit", "-q", "-m", file, in: folder)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(git.home)/\(path)"), encoding: .utf8)
    }
}

private func basic(_ name: String) -> String {
    "Basic \(Data("\(name):\(name)".utf8).base64EncodedString())"
}

private func withLFS(
    _ kind: TestingSetup = .router,
    prefix: String = "",
    _ body: @escaping @Sendable (LFSHost) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    let workspace = WorkspaceID(key: 7)
    let accesses = [("ann", Role.write), ("bob", .write), ("eve", .read)].enumerated().map { number, person in
        Access(
            identity: Identity(
                account: AccountID(key: Int64(number)),
                login: person.0,
                means: .password
            ),
            workspace: workspace,
            role: person.1
        )
    }
    let gate = Gate { request, _, _, endpoint in
        guard let access = accesses.first(where: { request.headers[.authorization] == basic($0.caller.name) })
        else { throw Refusal.signIn }
        if endpoint.right == .write { try access.requireWriting() }
        return access
    }
    try await withDatabase(
        on: .sqlite,
        migrations: EventMigrations.all + ObjectStoreMigrations.all + RepositoryMigrations.all,
        clock: TestClock().clock
    ) { database in
        let repositories = Repositories(database: database, folder: folder.path + "/repositories")
        try repositories.storage.prepare(program: "/bin/true")
        let objects = try await DiskObjectStore.open(root: folder.path + "/objects", pool: .singleton)
        let files = FileStore(database: database, objects: objects)
        let endpoints = GitEndpoints.all(repositories) + LFSEndpoints.all(repositories, files: files)
        let door = FrontDoor(routes: Routes(endpoints, prefix: prefix), gate: gate)
        try await Application(responder: door).test(kind) { client in
            try await body(LFSHost(client: client, git: GitClient(home: folder.path)))
        }
    }
    try folder.remove()
}
