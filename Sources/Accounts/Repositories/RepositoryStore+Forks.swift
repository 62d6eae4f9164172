package import Core
package import Database

extension RepositoryStore {
    /// Makes a repository that comes from another; its content is copied by who keeps content.
    ///
    /// - Parameters:
    ///   - workspace: The other.
    ///   - name: What it is called; as the other where that is nil.
    ///   - owner: Whose it is; nil for the person who asks.
    ///   - announce: Notes in another room, in the same transaction, what is to come into it.
    /// - Returns: Where it is.
    /// - Throws: `Refusal.nothingHere` for what who asks does not see, and what `create` throws.
    package func fork(
        _ workspace: WorkspaceID,
        as name: String? = nil,
        ownedBy owner: AccountName? = nil,
        announcing announce: @escaping @Sendable (Caller, any Connection) throws -> Void = { _, _ in }
    ) async throws -> RepositoryPlace {
        _ = try identity.ownAccount(needing: .write)
        let source = try await get(workspace)
        // What is private stays so in its copies.
        let new = try NewRepository(
            name: RepositoryName(name ?? source.place.name),
            visibility: source.place.isPublic ? .public : .private,
            description: source.description,
            website: source.website,
            forkedFrom: workspace
        )
        return try await create(new, ownedBy: owner, announcing: announce)
    }
}
