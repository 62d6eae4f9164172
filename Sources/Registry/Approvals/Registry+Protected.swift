import Core
import Database

extension Registry {
    /// Does what a rule may protect: in one transaction it is done, or the request for it is found or opened.
    ///
    /// - Parameters:
    ///   - name: The model.
    ///   - caller: Who does it.
    ///   - comment: Why.
    ///   - deed: Locks the row of the model and says what is to be done; nil for nothing.
    ///   - result: What is answered after it was done.
    /// - Returns: What `result` says.
    /// - Throws: `Failure.permissionDenied` where approvals are missing, and what the deed throws.
    func protected<T: Sendable>(
        _ name: ModelName,
        for caller: Caller,
        comment: String?,
        _ deed: @escaping @Sendable (any Connection) throws -> (modelKey: Int64, deed: ProtectedDeed)?,
        then result: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let outcome = try await database.write { connection -> Result<T, Failure> in
            if let (key, deed) = try deed(connection) {
                let gate = ApprovalGate(caller: caller, connection: connection)
                switch try gate.pass(deed, of: name, key, comment: comment, by: rights) {
                // Not thrown, because the request that was opened is to stay.
                case .closed(let failure): return .failure(failure)
                case .open(let request):
                    try carryOut(deed, of: name, key, for: caller, request: request, comment, in: connection)
                }
            }
            return .success(try result(connection))
        }
        return try outcome.get()
    }

    /// Does what passed the gate, and closes the requests about it.
    func carryOut(
        _ deed: ProtectedDeed,
        of name: ModelName,
        _ modelKey: Int64,
        for caller: Caller,
        request: Int64?,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        let models = registeredModels(for: caller)
        let gate = ApprovalGate(caller: caller, connection: connection)
        let change = try gate.change(by: deed, of: modelKey)
        switch deed {
        case .setAlias(let alias, let version):
            try models.set(
                AliasName(stored: alias),
                of: name,
                to: version,
                request: request,
                comment,
                in: connection
            )
        case .removeAlias(let alias):
            try models.remove(
                AliasName(stored: alias),
                of: name,
                modelKey,
                request: request,
                comment,
                in: connection
            )
        case .rollBack(let alias, let version, let restores):
            try history(for: caller).restore(
                AliasName(stored: alias),
                of: name,
                to: version,
                restores,
                request: request,
                comment,
                in: connection
            )
        case .move(let version, let stage, let archivesOthers):
            try modelVersions(for: caller).move(
                version,
                of: name,
                to: stage,
                archivesOthers,
                request: request,
                comment,
                in: connection
            )
        }
        try gate.settle(change, of: name, modelKey, request: request)
    }
}
