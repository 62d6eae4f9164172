/// What is known about the files of a new version.
package enum VersionFiles: Sendable, Hashable {
    /// This server does not keep them.
    case elsewhere
    /// They are still to come, or some of them.
    case incomplete
    case complete([ManifestFile])
}

/// Whether a version is signed, and whether the signature holds; nothing is said of the bytes yet.
package enum VersionSignature: Sendable, Hashable {
    /// Nothing of it was ever to be signed: its files lie elsewhere, or it comes from elsewhere.
    case none
    /// It was registered before its files were there.
    case waiting
    /// The signature is one of this server's keys, and it is about this version.
    case valid(envelope: String, keyID: String, Manifest)
    /// With a reason, as the end of a sentence.
    case broken(envelope: String, reason: String)

    /// The same, but broken where it is by another key than the one that the caller has kept.
    ///
    /// - Parameter keyID: The id of the key; nil for any that the database knows.
    /// - Returns: The signature.
    package func by(_ keyID: String?) -> VersionSignature {
        guard case .valid(let envelope, let own, _) = self, let keyID, own != keyID else { return self }
        return .broken(
            envelope: envelope,
            reason: "it is signed with the key \(own), and not with \(keyID)"
        )
    }
}

/// A key that this server signs or signed with.
package struct KnownKey: Sendable, Hashable {
    package let key: VerifyingKey
    /// Epoch milliseconds.
    package let createdMs: Int64
    /// Since when nothing is signed with it; nil for one in use.
    package let retiredMs: Int64?
}
