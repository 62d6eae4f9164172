import Core
internal import Crypto
internal import CryptoExtras

/// What is kept of a password: scrypt with its parameters and salt, `$scrypt$ln=15,r=8,p=3$salt$hash`.
struct PasswordHash: Sendable {
    private static let saltBytes = 16
    private static let hashBytes = 32

    let text: String
    private let cost: PasswordCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    init(of password: String, cost: PasswordCost) throws {
        self.cost = cost
        salt = SymmetricKey(size: SymmetricKeySize(bitCount: Self.saltBytes * 8)).withUnsafeBytes {
            [UInt8]($0)
        }
        hash = try Self.derive(password, salt: salt, cost)
        text =
            "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Base64.encode(salt))$\(Base64.encode(hash))"
    }

    /// - Throws: `Failure` for a text that is none, which is a fault of the server.
    init(text: String) throws {
        let fields = text.split(separator: "$")
        let numbers = fields.count == 4 ? fields[1].split(separator: ",").compactMap(Self.number) : []
        guard fields.first == "scrypt", numbers.count == 3, 1...24 ~= numbers[0], 1...64 ~= numbers[1],
            1...64 ~= numbers[2], let salt = Base64.decode(String(fields[2])),
            let hash = Base64.decode(String(fields[3])), hash.count == Self.hashBytes
        else { throw Failure(.internalError, "The hash of a password cannot be read.") }
        self.text = text
        cost = PasswordCost(logRounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
        self.salt = salt
        self.hash = hash
    }

    func matches(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt: salt, cost)
        // Security: in a time that does not tell where the two differ.
        return zip(hash, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: String, salt: [UInt8], _ cost: PasswordCost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8),
            salt: salt,
            outputByteCount: hashBytes,
            rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
        return key.withUnsafeBytes { [UInt8]($0) }
    }

    private static func number(_ pair: Substring) -> Int? {
        pair.firstIndex(of: "=").flatMap { Int(pair[pair.index(after: $0)...]) }
    }
}

/// What a hash costs to make: memory of `128 · 2^rounds · blockSize` bytes, as often as `parallelism` says.
package struct PasswordCost: Sendable, Hashable {
    let logRounds: Int
    let blockSize: Int
    let parallelism: Int

    /// 32 MB, three times; what is asked of scrypt for passwords at this size.
    package static let standard = PasswordCost(logRounds: 15, blockSize: 8, parallelism: 3)
    /// For tests, which make many.
    package static let small = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)
}
