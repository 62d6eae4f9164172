package import Core
import Outbound

/// Another server that a repository follows, or that follows it.
package struct Mirror: Sendable, Hashable {
    package let id: Int64
    package let direction: Direction
    package let address: String
    package let userName: String
    package let hasPassword: Bool
    package let intervalSeconds: Int64
    package let createdBy: String
    /// When it is due: a time that is past means as soon as possible, and nil, after a change or when somebody asks.
    package let dueMs: Int64?
    package let isRunning: Bool
    /// How often it has failed since it last succeeded.
    package let failures: Int64
    /// When it last ended, and when it last succeeded.
    package let lastMs: Int64?
    package let lastSuccessMs: Int64?
    /// Why it failed, or what did not come with what it has brought; nil where all is well.
    package let lastError: String?

    package enum Direction: String, Sendable, Hashable, CaseIterable {
        /// What is there comes here.
        case pull
        /// What is here goes there.
        case push
    }
}

/// What a mirror is made of, checked but for where its host is.
package struct NewMirror: Sendable {
    /// A pull that nobody asked for costs the other server something.
    private static let leastIntervalSeconds: Int64 = 60
    private static let mostIntervalSeconds: Int64 = 30 * 86_400
    private static let standardIntervalSeconds: Int64 = 8 * 3_600

    let direction: Mirror.Direction
    let source: RemoteSource
    let intervalMs: Int64

    /// - Parameters:
    ///   - direction: Which of the two follows the other.
    ///   - source: Where the other is.
    ///   - intervalSeconds: How often it runs by itself; 0 for never.
    /// - Throws: `Failure.invalid` for an interval that cannot be.
    package init(
        _ direction: Mirror.Direction,
        _ source: RemoteSource,
        intervalSeconds: Int64?
    ) throws(Failure) {
        let seconds = intervalSeconds ?? Self.standardIntervalSeconds
        guard seconds == 0 || Self.leastIntervalSeconds...Self.mostIntervalSeconds ~= seconds else {
            throw .invalid(
                "The interval must be 0, for a mirror that runs only when it is asked or something changes, or from "
                    + "\(Self.leastIntervalSeconds) to \(Self.mostIntervalSeconds) seconds."
            )
        }
        self.direction = direction
        self.source = source
        intervalMs = seconds * 1_000
    }
}

/// A repository of another server, and who this one is there.
package struct RemoteSource: Sendable, Hashable {
    private static let limitBytes = 2_000

    let address: String
    let userName: String
    let password: String?

    /// - Throws: `Failure.invalid` for texts that cannot be sent.
    package init(address: String, userName: String = "", password: String? = nil) throws(Failure) {
        for text in [address, userName, password ?? ""] {
            // Security: a line end in a user name or a password would begin another header.
            guard text.utf8.count <= Self.limitBytes, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else {
                throw .invalid(
                    "An address, a user name and a password have at most \(Self.limitBytes) bytes and no control characters."
                )
            }
        }
        guard !userName.contains(":") else { throw .invalid("A user name has no colon.") }
        guard !address.contains("?"), !address.contains("#") else {
            throw .invalid("The address of a repository has neither '?' nor '#'.")
        }
        self.address = address
        self.userName = userName
        self.password = password.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What the header `Authorization` says of who asks; nil for nobody.
    var credentials: String? {
        guard !userName.isEmpty || password != nil else { return nil }
        return "Basic " + Base64.encode(Array("\(userName):\(password ?? "")".utf8))
    }
}
