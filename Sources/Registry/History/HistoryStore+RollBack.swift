import Core
import Database
import Events

extension HistoryStore {
    /// More changes than this are not looked through for an earlier version.
    private static let mostChanges = 1_000

    /// Points an alias at the version before, or at the one of a time; that, too, is an event.
    ///
    /// Rolled back again, it goes further back. A version that was deleted meanwhile is not passed over in silence.
    ///
    /// - Parameters:
    ///   - alias: The alias, which may be removed.
    ///   - name: The model.
    ///   - timeMs: When it pointed at what it is to point at; nil for the version before.
    ///   - comment: Why.
    /// - Returns: The number of the version that it points at now.
    /// - Throws: `Failure.missing` for the model, or for a version that is deleted; `.invalid` where there is nothing to go back to,
    ///   `.permissionDenied` where approvals are missing.
    package func rollBack(
        _ alias: AliasName,
        of name: ModelName,
        toMs timeMs: Int64? = nil,
        comment: String? = nil
    ) async throws -> Int64 {
        try await registry.protected(name, for: caller, comment: comment) { connection in
            let rows = RegistryRows(caller: caller, connection: connection)
            let key = try rows.model(name, lock: true)
            let target =
                if let timeMs {
                    try change(of: alias, of: name, atMs: timeMs, in: connection)
                } else {
                    try changeBefore(of: alias, of: name, in: connection)
                }
            guard let version = target.to else {
                preconditionFailure("the change \(target.id) points at nothing")
            }
            _ = try rows.version(version, of: name)
            return (key, .rollBack(alias.text, to: version, restores: target.restored))
        } then: { connection in
            let now = try changes(of: alias, of: name, in: .last, limit: 1, in: connection).first
            guard let version = now.flatMap({ AliasChange($0).to }) else {
                preconditionFailure("an alias that was rolled back points at nothing")
            }
            return version
        }
    }

    /// Rolls an alias back that may be rolled back.
    func restore(
        _ alias: AliasName,
        of name: ModelName,
        to version: Int64,
        _ restores: Int64,
        request: Int64?,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        let models = registry.registeredModels(for: caller)
        let (modelKey, old) = try models.point(alias, of: name, to: version, in: connection)
        try RegistryLog(caller: caller, connection: connection).append(
            .aliasRolledBack,
            to: .alias(name.text, alias.text),
            [
                "alias": .string(alias.text), "from": old.map(JSON.integer), "to": .integer(version),
                "restores": .integer(restores), "request": request.map(JSON.integer),
            ],
            comment: comment
        )
        try models.outbox(connection).post(.aliasSet(name, alias, version: version), of: modelKey)
    }

    private func change(
        of alias: AliasName,
        of name: ModelName,
        atMs timeMs: Int64,
        in connection: any Connection
    ) throws -> AliasChange {
        let found = try changes(of: alias, of: name, in: .last, untilMs: timeMs, limit: 1, in: connection)
        guard let change = found.first.map(AliasChange.init), change.to != nil else {
            throw Failure.invalid("Registered model alias \(alias.text) pointed at no version at that time.")
        }
        return change
    }

    private func changeBefore(
        of alias: AliasName,
        of name: ModelName,
        in connection: any Connection
    ) throws -> AliasChange {
        guard
            let last = try changes(of: alias, of: name, in: .last, limit: 1, in: connection).first.map(
                AliasChange.init
            )
        else { throw Failure.invalid("Registered model alias \(alias.text) not found.") }
        let earlier = try changes(
            of: alias,
            of: name,
            in: .last,
            before: last.restored,
            limit: Self.mostChanges,
            in: connection
        ).map(AliasChange.init)
        guard let change = earlier.first(where: { $0.to != nil && $0.to != last.to }) else {
            throw Failure.invalid("Registered model alias \(alias.text) has no earlier version.")
        }
        return change
    }
}
