package import Core

/// The name of a workspace as MLflow's clients give it (`mlflow.set_workspace`): `iris` is a repository of who asks, and
/// `lab--iris` one of another's.
///
/// - Source: MLflow 3.17, `WorkspaceNameValidator`.
package struct WorkspaceName: Sendable, Hashable {
    /// The workspace of addresses that name no repository.
    package static let standard = "default"
    /// Between the owner and the name of a repository.
    static let separator = "--"

    package let text: String

    /// - Throws: `Failure.invalid` in MLflow's words.
    package init(_ text: String) throws(Failure) {
        guard text != Self.standard else {
            self.text = text
            return
        }
        guard (2...63).contains(text.count) else {
            throw .invalid("Workspace name '\(text.prefix(100))' must be between 2 and 63 characters.")
        }
        guard Self.isPlain(text) else {
            throw .invalid(
                "Workspace name '\(text)' must match the pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ "
                    + "(lowercase alphanumeric with optional internal hyphens)."
            )
        }
        guard !["workspaces", "api", "ajax-api", "static-files"].contains(text) else {
            throw .invalid("Workspace name '\(text)' is reserved and cannot be used.")
        }
        self.text = text
    }

    /// Owner and name of the repository that somebody means; nil for the default workspace.
    func address(for identity: Identity) -> (owner: String, name: String)? {
        if text == Self.standard { return nil }
        guard let range = text.firstRange(of: Self.separator) else { return (identity.login, text) }
        return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
    }

    /// What somebody calls a repository; nil for one that has no such name, because of its letters.
    static func name(of place: RepositoryPlace, for identity: Identity) -> WorkspaceName? {
        let (owner, name) = (place.owner.lowercased(), place.name.lowercased())
        guard !owner.contains(separator), !owner.hasSuffix("-") else { return nil }
        let isOwn = place.ownerID == identity.account && !name.contains(separator) && name != standard
        return try? WorkspaceName(isOwn ? name : owner + separator + name)
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        } && !text.hasPrefix("-") && !text.hasSuffix("-")
    }
}
