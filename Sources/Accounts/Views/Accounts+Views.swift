package import Core

extension Accounts {
    /// The saved views of the caller's workspace.
    ///
    /// - Parameters:
    ///   - caller: Who looks, and where.
    ///   - mayShare: Whether they may change what everybody of the workspace has.
    /// - Returns: The views.
    package func views(for caller: Caller, mayShare: Bool) -> SavedViewStore {
        SavedViewStore(database: database, caller: caller, mayShare: mayShare)
    }
}
