import Core
import Testing

@testable import Registry

@Suite struct ManifestTests {
    private static let files = [
        ManifestFile(path: "model.pkl", sizeBytes: 3, sha256: String(repeating: "b", count: 64)),
        ManifestFile(path: "MLmodel", sizeBytes: 2, sha256: String(repeating: "a", count: 64)),
    ]
    private static let manifest = Manifest(
        name: "iris",
        version: 3,
        source: "models:/m-1",
        signedBy: "ann",
        signedMs: 5,
        files: files
    )

    @Test func `the statement is that of OpenSSF's model signing`() throws {
        #expect(
            String(decoding: Self.manifest.statement, as: UTF8.self)
                == #"{"_type":"https://in-toto.io/Statement/v1","#
                + #""subject":[{"name":"models:/iris/3","digest":{"sha256":"#
                // printf 'aa…bb…' | xxd -r -p | sha256sum
                + #""e2d80f78d79027556d6619a1400605abbdca6bb6eb24e0831e33ecd5466fa5f6"}}],"#
                + #""predicateType":"https://model_signing/signature/v1.0","predicate":{"#
                + #""serialization":{"method":"files","hash_type":"sha256","allow_symlinks":false,"#
                + #""ignore_paths":[]},"resources":["#
                + #"{"name":"MLmodel","algorithm":"sha256","digest":"\#(String(repeating: "a", count: 64))","size":2},"#
                + #"{"name":"model.pkl","algorithm":"sha256","digest":"\#(String(repeating: "b", count: 64))","size":3}],"#
                + #""roost":{"name":"iris","version":3,"source":"models:/m-1","signed_by":"ann","signed_timestamp":5}}}"#
        )
        #expect(Manifest(statement: Self.manifest.statement) == Self.manifest)
    }

    @Test func `an envelope is read back, and holds for its key alone`() throws {
        let (key, other) = (SigningKey(), SigningKey())
        let envelope = try #require(Envelope(text: Envelope(sealing: Self.manifest, with: key).text))

        #expect(envelope.isSigned(by: key.publicKey))
        #expect(!envelope.isSigned(by: other.publicKey))
        #expect(envelope.keyID == key.publicKey.id)
        #expect(Manifest(statement: envelope.payload) == Self.manifest)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"payload":"!","payloadType":"application/vnd.in-toto+json","signatures":[]}"#,
    ])
    func `what is no envelope is none`(text: String) {
        #expect(Envelope(text: text) == nil)
    }
}
