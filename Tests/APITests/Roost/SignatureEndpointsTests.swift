import API
import Core
import HTTPTypes
import NIOCore
import NIOPosix
import ObjectStore
import Registry
import TestSupport
import Testing
import Tracking

@Suite struct SignatureEndpointsTests {
    private static let own = "/api/2.0/roost/"

    @Test func `a version of a ready model is signed, and a changed, lost or new file is named`() async throws
    {
        try await withSeals { server, files in
            let model = try await server.newModel(
                ["MLmodel": "m", "model.pkl": "weights", "conda.yaml": "c"],
                files
            )
            let id = model.id
            _ = try await server.post("registered-models/create", #"{"name": "iris"}"#)
            let created = try await server.post(
                "model-versions/create",
                #"{"name": "iris", "source": "models:/\#(id)", "model_id": "\#(id)"}"#
            )
            #expect(created.status == 200, "\(created.body)")

            let good = try await server.ask(.get, Self.own + "model-versions/verify?uri=models:/iris/1")
            #expect(good.body.hasPrefix(#"{"name":"iris","version":"1","verified":true,"signature":"valid""#))
            #expect(good.body.hasSuffix(#""intact":3,"changed":[],"missing":[],"added":[]}"#), "\(good.body)")
            let stranger = try await server.ask(
                .get,
                Self.own + "model-versions/verify?uri=models:/iris/1&key_id=abc"
            )
            #expect(
                stranger.body.contains(#""verified":false,"signature":"broken","reason":"it is signed with"#)
            )
            let root = try #require(ArtifactRoots.path(of: model.artifactLocation))
            try await files.put("other weights", at: root, "model.pkl")
            try await files.put("x", at: root, "code/evil.py")
            try await files.delete(root.appending(ArtifactPath("conda.yaml")))
            let bad = try await server.ask(.get, Self.own + "model-versions/verify?name=iris&version=1")
            #expect(bad.body.contains(#""verified":false"#))
            #expect(
                bad.body.hasSuffix(
                    #""intact":1,"changed":["model.pkl"],"missing":["conda.yaml"],"added":["code/evil.py"]}"#
                ),
                "\(bad.body)"
            )
            let manifest = try await server.ask(
                .get,
                Self.own + "model-versions/manifest?uri=models:/iris/latest"
            )
            #expect(
                manifest.body.contains(#""files":[{"path":"MLmodel","size":1,"sha256":""#),
                "\(manifest.body)"
            )
            #expect(manifest.body.contains(#""envelope":{"payload":""#))
        }
    }

    @Test func `a version of a pending model is signed once the model is ready`() async throws {
        try await withSeals { server, files in
            let model = try await server.newModel(["MLmodel": "m"], files, isReady: false)
            let id = model.id
            _ = try await server.post("registered-models/create", #"{"name": "iris"}"#)
            _ = try await server.post(
                "model-versions/create",
                #"{"name": "iris", "source": "models:/\#(id)", "model_id": "\#(id)"}"#
            )

            let before = try await server.ask(.get, Self.own + "model-versions/verify?uri=models:/iris/1")
            #expect(before.body.contains(#""verified":false,"signature":"waiting""#), "\(before.body)")
            _ = try await server.ask(
                .patch,
                "logged-models/\(id)",
                #"{"model_id": "\#(id)", "status": "LOGGED_MODEL_READY"}"#
            )
            let after = try await server.ask(.get, Self.own + "model-versions/verify?uri=models:/iris/1")
            #expect(after.body.contains(#""verified":true,"signature":"valid""#), "\(after.body)")
        }
    }

    @Test func `however a version and the end of its model cross, it is signed and nobody is refused`()
        async throws
    {
        try await withSeals { server, files in
            _ = try await server.post("registered-models/create", #"{"name": "iris"}"#)
            for number in 1...10 {
                let id = try await server.newModel(["MLmodel": "m"], files, isReady: false).id
                let version = #"{"name": "iris", "source": "models:/\#(id)", "model_id": "\#(id)"}"#
                let end = #"{"model_id": "\#(id)", "status": "LOGGED_MODEL_READY"}"#

                async let created = server.post("model-versions/create", version)
                async let first = server.ask(.patch, "logged-models/\(id)", end)
                async let second = server.ask(.patch, "logged-models/\(id)", end)
                let statuses = try await [created.status, first.status, second.status]

                #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
                let verify = Self.own + "model-versions/verify?uri=models:/iris/\(number)"
                #expect(try await server.ask(.get, verify).body.contains(#""verified":true"#))
            }
        }
    }

    @Test func `a version of a run is signed where it is a whole model, else when somebody says so`()
        async throws
    {
        try await withSeals { server, files in
            let run = try await server.newRun()
            let uri = try await server.tracking.runs(for: server.caller).get(run).info.artifactURI
            let root = try #require(ArtifactRoots.path(of: uri))
            try await files.put("m", at: root, "whole/MLmodel")
            _ = try await server.post("registered-models/create", #"{"name": "iris"}"#)
            for source in ["\(uri)/whole", "\(uri)/part", "runs:/\(run)/whole", "runs:/\(run)/a//b"] {
                let created = try await server.post(
                    "model-versions/create",
                    #"{"name": "iris", "source": "\#(source)", "run_id": "\#(run)"}"#
                )
                #expect(created.status == 200, "\(created.body)")
            }

            var signatures: [Bool] = []
            for number in 1...3 {
                let verify = Self.own + "model-versions/verify?uri=models:/iris/\(number)"
                signatures.append(try await server.ask(.get, verify).body.contains(#""verified":true"#))
            }
            #expect(signatures == [true, false, true])
            // A path that is none is not the whole run.
            let odd = try await server.ask(.get, Self.own + "model-versions/verify?uri=models:/iris/4")
            #expect(odd.body.contains(#""signature":"none""#), "\(odd.body)")
            let sign = Self.own + "model-versions/sign"
            let early = try await server.ask(.post, sign, #"{"name": "iris", "version": "2"}"#)
            #expect(early.status == 400)
            #expect(early.body.contains("it has no files yet"))
            try await files.put("w", at: root, "part/weights")
            #expect(try await server.ask(.post, sign, #"{"uri": "models:/iris/2"}"#).status == 200)
            let again = try await server.ask(.post, sign, #"{"uri": "models:/iris/2"}"#)
            #expect(again.body.contains("is signed already"))
        }
    }

    @Test func `a version elsewhere is plainly not signed`() async throws {
        try await withSeals { server, _ in
            try await server.makeVersions(1)

            let verify = try await server.ask(.get, Self.own + "model-versions/verify?uri=models:/iris/1")
            #expect(
                verify.body == #"{"name":"iris","version":"1","verified":false,"signature":"none","#
                    + #""reason":"its files lie at s3://b/m, which this server does not keep"}"#
            )
            let sign = try await server.ask(
                .post,
                Self.own + "model-versions/sign",
                #"{"name": "iris", "version": "1"}"#
            )
            #expect(sign.body.contains("this server does not keep its files"))
        }
    }

    @Test(arguments: [
        ("model-versions/verify?uri=models:/iris/7", 404), ("model-versions/verify?uri=models:/rose/1", 404),
        ("model-versions/verify?uri=models:/iris@nobody", 400),
        ("model-versions/verify?uri=models:/m-1", 400),
        ("model-versions/verify?uri=s3://b/m", 400), ("model-versions/verify", 400),
        ("model-versions/manifest?name=iris&version=x", 400),
    ])
    func `what is no version is refused`(path: String, status: Int) async throws {
        try await withSeals { server, _ in
            try await server.makeVersions(1)
            #expect(try await server.ask(.get, Self.own + path).status == status)
        }
    }

    @Test func `the public keys are served`() async throws {
        try await withSeals { server, _ in
            let keys = try await server.ask(.get, Self.own + "signing-keys/list")
            #expect(keys.body.contains(#""algorithm":"ed25519","public_key":"-----BEGIN PUBLIC KEY-----\n"#))
        }
    }

    /// A server that keeps files and signs.
    private func withSeals(_ body: @escaping @Sendable (MLflow, Files) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let objects = try await DiskObjectStore.open(root: folder.path, pool: .singleton)
        try await withMLflow(signer: SigningKey()) { tracking, registry, database in
            registryEndpoints(tracking, registry, FileStore(database: database, objects: objects))
        } body: { server, database in
            let store = FileStore(database: database, objects: objects)
            try await body(server, store.files(for: server.caller))
        }
        try folder.remove()
    }
}

extension Files {
    fileprivate func put(_ text: String, at root: ArtifactPath, _ path: String) async throws {
        let pieces = AsyncStream { continuation in
            continuation.yield(ByteBuffer(string: text))
            continuation.finish()
        }
        _ = try await put(pieces, at: root.appending(ArtifactPath(path)))
    }
}

extension MLflow {
    /// A logged model of ann's with these files.
    fileprivate func newModel(
        _ contents: [String: String],
        _ files: Files,
        isReady: Bool = true
    ) async throws -> LoggedModel {
        let models = tracking.loggedModels(for: caller)
        let model = try await models.create(
            NewLoggedModel(experimentID: 0, name: "iris", type: "", sourceRunID: "", params: [], tags: [])
        )
        let root = try #require(ArtifactRoots.path(of: model.artifactLocation))
        for (path, text) in contents { try await files.put(text, at: root, path) }
        return isReady ? try await models.finalize(model.id, as: .ready) : model
    }
}
