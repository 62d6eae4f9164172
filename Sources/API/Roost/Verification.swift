import Registry

/// Whether the bytes of a version are those that were signed.
struct Verification: Sendable {
    let name: String
    let version: Int64
    let source: String
    let signature: VersionSignature
    /// How many files are as they were.
    var intact = 0
    var changed: [String] = []
    /// Also those whose name is there and whose bytes are gone.
    var missing: [String] = []
    var added: [String] = []

    var isVerified: Bool {
        guard case .valid = signature else { return false }
        return changed.isEmpty && missing.isEmpty && added.isEmpty
    }
}

extension Verification {
    init(_ version: ModelVersion, _ signature: VersionSignature) {
        self.init(
            name: version.name,
            version: version.version,
            source: version.source,
            signature: signature
        )
    }
}
