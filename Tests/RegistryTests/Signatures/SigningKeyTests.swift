import Core
import Testing

@testable import Registry

@Suite struct SigningKeyTests {
    /// Made with `openssl genpkey -algorithm ed25519`.
    private static let pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----

        """
    /// RFC 8410, 10.1 and 10.3: the same key.
    private static let publicPEM = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----

        """

    @Test func `keys are read and written as OpenSSL has them`() throws {
        let key = try SigningKey(pem: Self.pem)

        #expect(key.pem == Self.pem)
        #expect(key.publicKey.pem == Self.publicPEM)
        #expect(key.publicKey.id.count == 64)
    }

    @Test(arguments: [
        "", "x", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTu\n-----END PRIVATE KEY-----\n", publicPEM,
    ])
    func `what is no key is refused`(text: String) {
        #expect(throws: Failure.self) { try SigningKey(pem: text) }
    }

    @Test func `a signature holds for its key and its message alone`() throws {
        let (key, other) = (SigningKey(), SigningKey())
        let signature = try key.sign([1, 2, 3])

        #expect(key.publicKey.isSignature(signature, of: [1, 2, 3]))
        #expect(!key.publicKey.isSignature(signature, of: [1, 2]))
        #expect(!other.publicKey.isSignature(signature, of: [1, 2, 3]))
    }
}
