import Core
import Database

extension ModelVersionStore {
    /// A version, and whether it is signed.
    package struct Listed: Sendable, Hashable {
        package let version: ModelVersion
        package let seal: Seal
    }

    /// Whether a version has a signature; nothing is said of what it is worth.
    package enum Seal: Sendable, Hashable {
        case none, waiting, signed
    }

    /// The versions of a model, the newest first, with their aliases.
    ///
    /// - Parameters:
    ///   - name: The model.
    ///   - before: The number before which to begin; nil for the newest.
    ///   - limit: How many at the most.
    /// - Returns: The versions.
    /// - Throws: `Failure.missing` for the model.
    package func list(of name: ModelName, before: Int64? = nil, limit: Int) async throws -> [Listed] {
        try await database.read { connection in
            let model = try RegistryRows(caller: caller, connection: connection).model(name)
            let found = try connection.rows(
                """
                SELECT v.version_key, s.version_key IS NOT NULL, s.envelope IS NOT NULL
                FROM model_versions v LEFT JOIN model_version_signatures s ON s.version_key = v.version_key
                WHERE v.model_key = \(model) AND v.version < \(before ?? .max)
                ORDER BY v.version DESC
                LIMIT \(limit)
                """
            ) { (key: $0.int(0), seal: Self.seal(isKnown: $0.bool(1), isSigned: $0.bool(2))) }
            let versions = try ModelVersionReader(connection: connection)
                .load(found.map(\.key), showsAliases: true)
            return zip(versions, found).map { Listed(version: $0, seal: $1.seal) }
        }
    }

    private static func seal(isKnown: Bool, isSigned: Bool) -> Seal {
        isSigned ? .signed : isKnown ? .waiting : .none
    }
}
