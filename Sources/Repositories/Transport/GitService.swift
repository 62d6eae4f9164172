/// One of the two conversations that Git has.
package enum GitService: String, Sendable, CaseIterable {
    /// Clones and fetches.
    case uploadPack = "upload-pack"
    /// Pushes.
    case receivePack = "receive-pack"

    /// What clients call it.
    package var name: String { "git-\(rawValue)" }

    package init?(name: some StringProtocol) {
        guard let service = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = service
    }
}

/// Which version of the protocol a client speaks.
package enum GitProtocolVersion: Int, Sendable {
    case zero = 0
    case one = 1
    case two = 2

    /// - Parameter text: What the client says, such as `version=2`, with other keys after colons; nil where it says nothing.
    ///
    /// Security: only the number goes on to the program.
    package init(saidBy text: String?) {
        let versions = (text ?? "").split(separator: ":").compactMap { part -> GitProtocolVersion? in
            part.hasPrefix("version=") ? Int(part.dropFirst("version=".count)).flatMap(Self.init) : nil
        }
        self = versions.max { $0.rawValue < $1.rawValue } ?? .zero
    }
}
