import Core
import Database
import FoundationEssentials

extension Settings {
    /// Sees to it that a server has kept its data where these say, for what would be told of a new one is worth nothing.
    ///
    /// - Throws: `SettingError` where a folder or the database is not there.
    func requireData() async throws {
        guard Self.isFolder(dataFolder) else {
            throw SettingError("There is no data folder \(dataFolder): say with --data where it is.")
        }
        guard try await hasDatabase() else {
            throw SettingError(
                "There is no database of a server at \(database.description): say with --database where it is."
            )
        }
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
        if try await !hasDatabase() { settings.database = .sqlite(path: folder + "/roost.db") }
        if !Self.isFolder(dataFolder) { settings.dataFolder = folder }
        if !Self.isFolder(artifactsFolder) { settings.artifactsFolder = folder + "/artifacts" }
        return settings
    }

    /// Whether the database is there; PostgreSQL may have one of this name in which no server has been.
    private func hasDatabase() async throws -> Bool {
        switch database {
        case .sqlite(let path):
            return FileStatus(ofFile: path)?.isRegular == true
        case .postgres:
            let opened = try await database.open()
            let isMigrated = try await opened.isMigrated()
            try await opened.close()
            return isMigrated
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
