import Core
import Database
import Events

/// Takes registered models with the numbers and times that they had elsewhere.
///
/// What is there already stays as it is, so that an import may be run again: only versions, tags and aliases that are new
/// are added, and what was deleted here does not come back. Nor does what the approval rules of a model protect.
package struct RegistryImportStore: Sendable {
    let registry: Registry
    let caller: Caller

    /// Writes a model with its versions in one transaction.
    ///
    /// - Parameter model: The model.
    /// - Returns: What came of it.
    /// - Throws: `Failure.alreadyExists` for the name of a model that was made here, `.invalid` for what is no name, and for
    ///   the id of a run that is too long.
    package func write(_ model: ImportedRegisteredModel) async throws -> RegistryImportResult {
        let name = try ModelName(model.name)
        for version in model.versions { try RegistryText.check(runID: version.runID) }
        return try await registry.database.write { connection in
            var result = RegistryImportResult()
            guard let place = try self.place(model, name, &result.new, in: connection) else { return result }
            let gate = ImportGate(caller: caller, connection: connection, model: place.key, name: name)
            let known = try knownVersions(of: name, in: place, in: connection)
            for version in model.versions {
                switch known[version.version] {
                case nil:
                    try insert(gate.admit(version, &result.new), of: place.key, name, in: connection)
                    result.new.versions += 1
                case .imported: break
                case .madeHere: result.takenVersions.append(version.version)
                }
            }
            try connection.execute(
                """
                UPDATE registered_models SET last_version = \(model.lastVersion)
                WHERE model_key = \(place.key) AND last_version < \(model.lastVersion)
                """
            )
            try connection.insert(
                into: "registered_model_tags",
                ["model_key", "key", "value"],
                values: RegistryTag.unique(model.tags).flatMap {
                    [.integer(place.key), .text($0.key), .text($0.value)]
                },
                "ON CONFLICT DO NOTHING"
            )
            for (alias, version) in model.aliases where try gate.admits(alias: alias, &result.new) {
                try add(alias, to: version, of: place, name, in: connection)
            }
            return result
        }
    }

    private struct Place {
        let key: Int64
        /// The event with which the model came first; what was before was another's.
        let importedIn: Int64
    }

    private enum KnownVersion {
        case imported
        case madeHere
    }

    /// The numbers that versions here have or had, and where those came from that are another's.
    ///
    /// A number below the last of an earlier import is not among them where its version could not be read then.
    private func knownVersions(
        of name: ModelName,
        in place: Place,
        in connection: any Connection
    ) throws -> [Int64: KnownVersion] {
        let search = EventSearch(
            .below(RegistrySubject.model(name.text).text),
            kinds: [.modelVersionImported, .modelVersionCreated],
            after: place.importedIn
        )
        var known: [Int64: KnownVersion] = [:]
        for event in try EventLog.newest(search, for: caller, limit: .max, in: connection) {
            guard case .integer(let number)? = try JSON(parsing: event.details)["version"] else { continue }
            known[number] = event.kind == .modelVersionCreated ? .madeHere : .imported
        }
        return known
    }

    /// Nil for a model that came with an earlier import and has been deleted or renamed since.
    private func place(
        _ model: ImportedRegisteredModel,
        _ name: ModelName,
        _ counts: inout RegistryImportCounts,
        in connection: any Connection
    ) throws -> Place? {
        let kinds: [Event.Kind] = [
            .registeredModelImported, .registeredModelCreated, .registeredModelRenamed,
            .registeredModelDeleted,
        ]
        if let last = try newest(kinds, of: name, in: connection) {
            switch last.kind {
            case .registeredModelImported:
                let rows = RegistryRows(caller: caller, connection: connection)
                return Place(key: try rows.model(name, lock: true), importedIn: last.id)
            case .registeredModelDeleted, .registeredModelRenamed:
                if try newest([.registeredModelImported], of: name, in: connection) != nil { return nil }
            default:
                break
            }
        }
        let key = try connection.first(
            """
            INSERT INTO registered_models
                (workspace_id, name, description, creation_time, last_updated_time, last_version)
            VALUES (\(caller.workspace.key), \(name.text), \(model.description), \(model.creationTime),
                \(model.lastUpdateTime), 0)
            ON CONFLICT (workspace_id, name) DO NOTHING
            RETURNING model_key
            """
        ) { $0.int(0) }
        guard let key else { throw Failure.alreadyExists("a model of this name was made here") }
        counts.models += 1
        try log(connection).append(.registeredModelImported, to: .model(name.text))
        guard let imported = try newest([.registeredModelImported], of: name, in: connection) else {
            preconditionFailure("an event that was written is not there")
        }
        return Place(key: key, importedIn: imported.id)
    }

    private func newest(
        _ kinds: [Event.Kind],
        of name: ModelName,
        in connection: any Connection
    ) throws -> Event? {
        let search = EventSearch(.only(RegistrySubject.model(name.text).text), kinds: kinds)
        return try EventLog.newest(search, for: caller, limit: 1, in: connection).first
    }

    private func insert(
        _ version: ImportedModelVersion,
        of model: Int64,
        _ name: ModelName,
        in connection: any Connection
    ) throws {
        let key = try connection.first(
            """
            INSERT INTO model_versions (workspace_id, model_key, version, description, creation_time, last_updated_time,
                current_stage, source, storage_location, run_id, run_link, status, status_message)
            VALUES (\(caller.workspace.key), \(model), \(version.version), \(version.description),
                \(version.creationTime), \(version.lastUpdateTime), \(version.stage.rawValue), \(version.source),
                \(version.storageLocation), \(version.runID), \(version.runLink), \(version.status.rawValue),
                \(version.statusMessage))
            RETURNING version_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted version has no key") }
        try connection.insert(
            into: "model_version_tags",
            ["version_key", "key", "value"],
            values: RegistryTag.unique(version.tags).flatMap {
                [.integer(key), .text($0.key), .text($0.value)]
            }
        )
        try log(connection).append(
            .modelVersionImported,
            to: .version(name.text, version.version),
            [
                "version": .integer(version.version), "source": .string(version.source),
                "stage": .string(version.stage.rawValue),
            ]
        )
    }

    /// Sets an alias of which nothing was heard since the model came; one that points at no version is none.
    private func add(
        _ alias: String,
        to version: Int64,
        of place: Place,
        _ name: ModelName,
        in connection: any Connection
    ) throws {
        let subject = RegistrySubject.alias(name.text, alias)
        let search = EventSearch(.only(subject.text), after: place.importedIn)
        let isKnown = try !EventLog.newest(search, for: caller, limit: 1, in: connection).isEmpty
        guard !isKnown else { return }
        let added = try connection.execute(
            """
            INSERT INTO registered_model_aliases (model_key, alias, version)
            SELECT model_key, CAST(\(alias) AS TEXT), version FROM model_versions
            WHERE model_key = \(place.key) AND version = \(version)
            """
        )
        guard added == 1 else { return }
        try log(connection).append(
            .aliasSet,
            to: subject,
            ["alias": .string(alias), "to": .integer(version)],
            comment: "imported"
        )
    }

    private func log(_ connection: any Connection) -> RegistryLog {
        RegistryLog(caller: caller, connection: connection)
    }
}
