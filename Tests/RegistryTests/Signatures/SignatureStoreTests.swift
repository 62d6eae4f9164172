import Core
import Database
import Events
import TestSupport
import Testing

@testable import Registry

@Suite struct SignatureStoreTests {
    private static let key = SigningKey()
    private static let files = [
        ManifestFile(path: "MLmodel", sizeBytes: 2, sha256: String(repeating: "a", count: 64))
    ]

    @Test(arguments: Backend.available)
    func `a version is signed as it is registered, and the history says so`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend, signer: Self.key) { registry in
            let name = try await registry.newModel()
            try await registry.newVersion(of: name, files: .complete(Self.files))

            let signature = try await registry.signatures(for: ann).get(1, of: name)

            guard case .valid(_, let keyID, let manifest) = signature else {
                Issue.record("\(signature)")
                return
            }
            #expect(keyID == Self.key.publicKey.id)
            #expect(manifest.files == Self.files)
            #expect((manifest.name, manifest.version, manifest.signedBy) == ("iris", 1, "ann"))
            let last = try #require(try await registry.history(for: ann).events(of: name, limit: 1).first)
            #expect(last.kind == .modelVersionSigned)
            #expect(last.details == #"{"version":1,"key_id":"\#(keyID)","files":1}"#)
        }
    }

    @Test(arguments: Backend.available)
    func `a version that waits for its files is signed once, when they are there`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend, signer: Self.key) { registry in
            let (name, signatures) = (try await registry.newModel(), registry.signatures(for: ann))
            try await registry.newVersion(of: name, files: .incomplete)
            try await registry.newVersion(of: name)

            #expect(try await signatures.get(1, of: name) == .waiting)
            #expect(try await signatures.get(2, of: name) == .none)
            let waiting = try await signatures.waiting(at: "s3://b/m")
            #expect(waiting.map(\.number) == [1])
            #expect(try await registry.signatures(for: eve).waiting(at: "s3://b/m").isEmpty)
            try await signatures.sign(1, of: name, files: Self.files)
            guard case .valid = try await signatures.get(1, of: name) else {
                Issue.record("it is not signed")
                return
            }
            #expect(try await signatures.waiting(at: "s3://b/m").isEmpty)
            await expectFailure(.invalidState, "Model Version (name=iris, version=1) is signed already.") {
                try await signatures.sign(1, of: name, files: [])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a signature holds after a rename and after the key was replaced`(on backend: Backend) async throws {
        try await withRegistry(on: backend, signer: Self.key) { registry in
            let name = try await registry.newModel()
            try await registry.newVersion(of: name, files: .complete(Self.files))
            let next = SigningKey()
            try await registry.signingKeys.replace(Self.key.publicKey, by: next.publicKey)
            let rose = try ModelName("rose")
            _ = try await registry.registeredModels(for: ann).rename(name, to: rose)

            guard case .valid = try await registry.signatures(for: ann).get(1, of: rose) else {
                Issue.record("it does not hold")
                return
            }
            let keys = try await registry.signingKeys.all()
            #expect(Set(keys.map(\.key)) == [Self.key.publicKey, next.publicKey])
            #expect(keys.filter { $0.retiredMs != nil }.map(\.key) == [Self.key.publicKey])
        }
    }

    @Test(arguments: Backend.available)
    func `a signature that is not this version's is told`(on backend: Backend) async throws {
        try await withRegistry(on: backend, signer: Self.key) { registry in
            let (name, signatures) = (try await registry.newModel(), registry.signatures(for: ann))
            for _ in 1...4 { try await registry.newVersion(of: name, files: .complete(Self.files)) }
            let stranger = Manifest(
                name: "iris",
                version: 2,
                source: "",
                signedBy: "eve",
                signedMs: 1,
                files: []
            )
            let forged = try Envelope(sealing: stranger, with: SigningKey())
            try await registry.put(registry.envelope(of: 2), at: 1)
            let altered = try await registry.envelope(of: 3).replacing(#""sig":""#, with: #""sig":"AAAA"#)
            try await registry.put(altered, at: 3)
            try await registry.put(forged.text, at: 2)
            try await registry.put("{}", at: 4)

            var reasons: [String] = []
            for number in 1...4 as ClosedRange<Int64> {
                if case .broken(_, let reason) = try await signatures.get(number, of: name) {
                    reasons.append(reason)
                }
            }

            #expect(
                reasons == [
                    "its signature is that of version 2 of iris",
                    "it is signed with the key \(forged.keyID), which this server does not know",
                    "its signature is not of what it says", "its envelope cannot be read",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a signature of another source, or from before the version, is told`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend, signer: Self.key) { registry in
            let (name, signatures) = (try await registry.newModel(), registry.signatures(for: ann))
            for _ in 1...2 { try await registry.newVersion(of: name, files: .complete(Self.files)) }
            for (number, source, signedMs) in [(1, "s3://b/other", 1_000), (2, "s3://b/m", 999)]
                as [(
                    Int64, String, Int64
                )]
            {
                let old = Manifest(
                    name: "iris",
                    version: number,
                    source: source,
                    signedBy: "ann",
                    signedMs: signedMs,
                    files: Self.files
                )
                try await registry.put(Envelope(sealing: old, with: Self.key).text, at: number)
            }

            var reasons: [String] = []
            for number in [1, 2] as [Int64] {
                if case .broken(_, let reason) = try await signatures.get(number, of: name) {
                    reasons.append(reason)
                }
            }

            #expect(
                reasons == [
                    "its signature is of a version made of 's3://b/other'",
                    "its signature is older than the version",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `without a key nothing is signed`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel()
            try await registry.newVersion(of: name, files: .complete(Self.files))

            #expect(try await registry.signatures(for: ann).get(1, of: name) == .none)
            await expectFailure(
                .invalidState,
                "There is no key to sign with: a server that keeps artifacts makes one at its first start."
            ) { try await registry.signatures(for: ann).sign(1, of: name, files: Self.files) }
        }
    }
}

extension Registry {
    /// What stands in the database for a version of the only model.
    fileprivate func envelope(of number: Int64) async throws -> String {
        let text = try await database.read { connection in
            try connection.first(
                """
                SELECT s.envelope
                FROM model_version_signatures s JOIN model_versions v ON v.version_key = s.version_key
                WHERE v.version = \(number)
                """
            ) { $0.text(0) }
        }
        return try #require(text)
    }

    /// Does what only somebody with the database can do.
    fileprivate func put(_ envelope: String, at number: Int64) async throws {
        _ = try await database.write { connection in
            try connection.execute(
                """
                UPDATE model_version_signatures SET envelope = \(envelope)
                WHERE version_key = (SELECT version_key FROM model_versions WHERE version = \(number))
                """
            )
        }
    }
}
