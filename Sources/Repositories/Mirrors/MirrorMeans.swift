import Core
package import ObjectStore
package import Outbound

/// What asking other servers needs beside the database.
package struct MirrorMeans: Sendable {
    let client: OutboundClient
    let secrets: Secrets
    let limits: Limits
    /// Where large files are kept; nil on a server that keeps none.
    let files: FileStore?

    package init(
        client: OutboundClient = OutboundClient(policy: .mirrors(allowsPrivateAddresses: false)),
        secrets: Secrets = .none,
        limits: Limits = Limits(),
        files: FileStore? = nil
    ) {
        self.files = files
        self.client = client
        self.secrets = secrets
        self.limits = limits
    }

    /// Keeps passwords unreadable in the database.
    package struct Secrets: Sendable {
        /// Takes a secret and the name of its owner, without which it cannot be opened.
        let seal: @Sendable (String, String) throws -> [UInt8]
        let open: @Sendable ([UInt8], String) throws -> String

        package init(
            seal: @escaping @Sendable (String, String) throws -> [UInt8],
            open: @escaping @Sendable ([UInt8], String) throws -> String
        ) {
            self.seal = seal
            self.open = open
        }

        /// Keeps none.
        package static let none = Secrets { _, _ in
            throw Failure(.featureDisabled, "No passwords are kept here.")
        } open: { _, _ in
            throw Failure(.featureDisabled, "No passwords are kept here.")
        }
    }

    /// What one run may take.
    package struct Limits: Sendable, Hashable {
        package static let standardReceivedBytes = 10 << 30
        package static let standardTimeSeconds: Int64 = 3_600

        /// So much may come from another server, and as much again of large files.
        let receivedBytes: Int64
        let timeSeconds: Int64

        package init(
            receivedBytes: Int64 = Int64(Self.standardReceivedBytes),
            timeSeconds: Int64 = Self.standardTimeSeconds
        ) {
            self.receivedBytes = receivedBytes
            self.timeSeconds = timeSeconds
        }
    }
}

extension OutboundPolicy {
    /// Where repositories may be that are imported and mirrored.
    package static func mirrors(allowsPrivateAddresses: Bool) -> OutboundPolicy {
        OutboundPolicy(schemes: ["https", "http"], allowsPrivateAddresses: allowsPrivateAddresses)
    }
}

/// Why another server's repository could not be followed, for the person who named it.
struct MirrorFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
