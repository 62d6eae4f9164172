import Core
import Database
import Events

/// The signatures of the versions in a caller's workspace.
package struct SignatureStore: Sendable {
    let registry: Registry
    let caller: Caller

    var database: any Database { registry.database }

    /// Signs the files of a version that was registered without.
    ///
    /// - Parameters:
    ///   - number: The number of the version.
    ///   - name: Its model.
    ///   - files: All its files.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is signed already, since that would hide what became of it,
    ///   and where there is no key.
    package func sign(_ number: Int64, of name: ModelName, files: [ManifestFile]) async throws {
        guard registry.signer != nil else {
            throw Failure(
                .invalidState,
                "There is no key to sign with: a server that keeps artifacts makes one at its first start."
            )
        }
        try await database.write { connection in
            let found = try RegistryRows(caller: caller, connection: connection).version(
                number,
                of: name,
                lock: true
            )
            guard try envelope(of: found.key, in: connection).flatMap(\.self) == nil else {
                throw Failure(
                    .invalidState,
                    "Model Version (name=\(name), version=\(number)) is signed already."
                )
            }
            let version = try ModelVersionReader(connection: connection).get(found.key)
            try note(.complete(files), of: version, found.key, in: connection)
        }
    }

    /// The versions that wait for files at a location.
    ///
    /// - Parameter location: Where the files lie.
    /// - Returns: At most a thousand.
    /// - Throws: `DatabaseError` where the database fails.
    package func waiting(at location: String) async throws -> [(name: ModelName, number: Int64)] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT m.name, v.version
                FROM model_version_signatures s
                JOIN model_versions v ON v.version_key = s.version_key
                JOIN registered_models m ON m.model_key = v.model_key
                WHERE s.location = \(location) AND s.envelope IS NULL AND v.workspace_id = \(caller.workspace.key)
                LIMIT 1000
                """
            ) { (ModelName(stored: $0.text(0)), $0.int(1)) }
        }
    }

    /// The signature of a version, checked against the keys that are known; nothing is said of the bytes yet.
    ///
    /// - Parameters:
    ///   - number: The number of the version.
    ///   - name: Its model.
    /// - Returns: What there is.
    /// - Throws: `Failure.missing`.
    package func get(_ number: Int64, of name: ModelName) async throws -> VersionSignature {
        try await database.read { connection in
            let found = try RegistryRows(caller: caller, connection: connection).version(number, of: name)
            switch try envelope(of: found.key, in: connection) {
            case nil: return .none
            case .some(nil): return .waiting
            case .some(let text?):
                let version = try ModelVersionReader(connection: connection).get(found.key)
                return try check(text, version, name, in: connection)
            }
        }
    }

    /// Writes what a transaction knows of the files of a version, and signs them where they are complete.
    func note(
        _ files: VersionFiles,
        of version: ModelVersion,
        _ versionKey: Int64,
        in connection: any Connection
    ) throws {
        guard files != .elsewhere, let key = registry.signer else { return }
        var envelope: Envelope?
        if case .complete(let files) = files {
            let manifest = Manifest(
                name: version.name,
                version: version.version,
                source: version.source,
                signedBy: caller.name,
                // Servers whose clocks differ may make a version and sign it.
                signedMs: max(connection.nowMs, version.creationTime),
                files: files
            )
            envelope = try Envelope(sealing: manifest, with: key)
        }
        try connection.execute(
            """
            INSERT INTO model_version_signatures (version_key, location, envelope)
            VALUES (\(versionKey), \(version.storageLocation), \(envelope?.text))
            ON CONFLICT (version_key) DO UPDATE SET envelope = excluded.envelope
            """
        )
        guard let envelope, case .complete(let files) = files else { return }
        try RegistryLog(caller: caller, connection: connection).append(
            .modelVersionSigned,
            to: .version(version.name, version.version),
            [
                "version": .integer(version.version), "key_id": .string(envelope.keyID),
                "files": .integer(Int64(files.count)),
            ]
        )
    }

    /// Nil where nothing was to be signed, and nil within where it still is to be.
    private func envelope(of versionKey: Int64, in connection: any Connection) throws -> String?? {
        try connection.first(
            "SELECT envelope FROM model_version_signatures WHERE version_key = \(versionKey)"
        ) { $0.optionalText(0) }
    }

    private func check(
        _ text: String,
        _ version: ModelVersion,
        _ name: ModelName,
        in connection: any Connection
    ) throws -> VersionSignature {
        guard let envelope = Envelope(text: text) else {
            return .broken(envelope: text, reason: "its envelope cannot be read")
        }
        guard let key = try known(envelope.keyID, in: connection) else {
            return .broken(
                envelope: text,
                reason: "it is signed with the key \(envelope.keyID), which this server does not know"
            )
        }
        guard envelope.isSigned(by: key), let manifest = Manifest(statement: envelope.payload) else {
            return .broken(envelope: text, reason: "its signature is not of what it says")
        }
        // Security: a good signature of another version is none of this one.
        let names = try registry.history(for: caller).names(of: name, in: connection).map(ExactText.init)
        guard manifest.version == version.version, names.contains(ExactText(manifest.name)) else {
            return .broken(
                envelope: text,
                reason: "its signature is that of version \(manifest.version) of \(manifest.name)"
            )
        }
        // Security: a name and a number may have been another version's before this one.
        guard ExactText(manifest.source) == ExactText(version.source) else {
            return .broken(
                envelope: text,
                reason: "its signature is of a version made of '\(manifest.source)'"
            )
        }
        guard manifest.signedMs >= version.creationTime else {
            return .broken(envelope: text, reason: "its signature is older than the version")
        }
        return .valid(envelope: text, keyID: envelope.keyID, manifest)
    }

    /// The key of an id; the id is reckoned anew, whatever the table says.
    private func known(_ id: String, in connection: any Connection) throws -> VerifyingKey? {
        let key = try connection.first("SELECT public_key FROM signing_keys WHERE key_id = \(id)") {
            VerifyingKey(bytes: $0.blob(0))
        }
        return key.flatMap { $0.id == id ? $0 : nil }
    }
}
