import Core
import Database
import FoundationEssentials

extension Settings {
    /// Sees to it that a server has kept its data where these say: a mistyped folder is not to become a new one, and what
    /// would be told of a new one is worth nothing.
    ///
    /// - Parameter isRehearsal: Whether the database is to stay as it is, and so must be of this program's version.
    /// - Throws: `SettingError` where the data folder or the database is not there, or no server has been in it.
    func requireData(isRehearsal: Bool = false) async throws {
        guard Self.isFolder(dataFolder) else {
            throw SettingError("There is no data folder \(dataFolder): say with --data where it is.")
        }
        guard try await hasDatabase(isRehearsal: isRehearsal) else {
            throw SettingError(
                "There is no database of a server at \(database.description): say with --database where it is."
            )
        }
    }

    /// Sees to it that the folder of the artifacts is there, if this server keeps any.
    ///
    /// - Throws: `SettingError` where it is not.
    func requireArtifacts() throws {
        guard !servesArtifacts || Self.isFolder(artifactsFolder) else {
            throw SettingError(
                "There is no folder of artifacts \(artifactsFolder): say with --artifacts-destination where it is."
            )
        }
    }

    /// The same settings, but that everything which no server has made yet is to lie in another folder.
    ///
    /// - Parameter folder: Where it is to lie.
    /// - Returns: Settings by which nothing is made outside of the folder.
    /// - Throws: `SettingError` where the database cannot be asked.
    func rehearsing(in folder: String) async throws -> Settings {
        var settings = self
        if try await !hasDatabase(isRehearsal: true) {
            settings.database = .sqlite(path: folder + "/roost.db")
        }
        if !Self.isFolder(dataFolder) { settings.dataFolder = folder }
        if !Self.isFolder(artifactsFolder) { settings.artifactsFolder = folder + "/artifacts" }
        return settings
    }

    /// Whether the database is there, and a server has been in it.
    private func hasDatabase(isRehearsal: Bool) async throws -> Bool {
        let opened: any ReadableDatabase
        switch database {
        case .sqlite(let path):
            guard FileStatus(ofFile: path)?.isRegular == true else { return false }
            opened = try ForeignSQLite(path: path)
        case .postgres:
            opened = try await database.open()
        }
        let (isMigrated, isCurrent) = try await (opened.isMigrated(), opened.isCurrent(Storage.migrations))
        try await opened.close()
        guard !isRehearsal || !isMigrated || isCurrent else {
            throw SettingError(
                "The database at \(database.description) is of an older version, and a rehearsal changes nothing: "
                    + "start the server once."
            )
        }
        return isMigrated
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
