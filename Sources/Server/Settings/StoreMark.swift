import Core
import Database
import FoundationEssentials
import ObjectStore
import Repositories

/// Whose files lie in a folder: the mark of the database that knows them, in a file beside them.
struct StoreMark: Sendable {
    /// What lies in the folder, as errors call it.
    private enum Content: String {
        case artifacts, repositories
    }

    private let content: Content
    private let folder: String
    private let mark: FolderMark

    static func artifacts(_ settings: Settings) -> StoreMark {
        StoreMark(content: .artifacts, folder: settings.artifactsFolder, mark: FileStore.mark)
    }

    static func repositories(_ settings: Settings) -> StoreMark {
        StoreMark(
            content: .repositories,
            folder: settings.dataFolder + "/repositories",
            mark: Repositories.mark
        )
    }

    /// Says that a database is served with some folders, and makes those that are not there.
    ///
    /// A folder that comes new to a database gets a new word, so that another which had the old one is found out.
    ///
    /// - Parameters:
    ///   - marks: The folders; all of them are claimed or none.
    ///   - database: Which knows what lies in them.
    ///   - settings: Where the database is, and whether folders are taken as they are.
    /// - Throws: `SettingError` where the database knows files that lie in another folder, or a folder has those of another
    ///   database.
    static func claim(
        _ marks: [StoreMark],
        for database: any Database,
        _ settings: Settings
    ) async throws {
        try await database.write { connection in
            // Of servers that start at the same time one claims; the others then find its word.
            try connection.lock("marks of folders")
            let unclaimed = try marks.filter { try !$0.isClaimed(settings, in: connection) }
            for mark in unclaimed { try mark.write(try mark.mark.renew(in: connection)) }
        }
    }

    /// Sees to it that the folder is that of a database, before anything is freed by what its rows know.
    ///
    /// - Throws: `SettingError` where another database was served with it last, or this one with another folder.
    func check(_ database: any Database, _ settings: Settings) async throws {
        let isOther = try await database.read { connection in
            let (word, written) = (try mark.word(in: connection), try read())
            if word == written { return false }
            // Folders of older versions have no mark.
            return try written != nil || mark.knowsFiles(in: connection)
        }
        guard isOther else { return }
        throw SettingError(
            "The \(content.rawValue) in \(folder) are not those of the database \(settings.database.description): "
                + "say with --database and \(option) which belong together."
        )
    }

    /// Whether the folder has the word of the database.
    ///
    /// - Returns: False where it may be given one.
    private func isClaimed(_ settings: Settings, in connection: any Connection) throws -> Bool {
        let (word, written) = (try mark.word(in: connection), try read())
        if let word, word == written { return true }
        if settings.adoptsFolders { return false }
        let knowsFiles = try mark.knowsFiles(in: connection)
        guard word == nil || !knowsFiles else {
            throw SettingError(
                "The database \(settings.database.description) knows \(content.rawValue) that lie in another folder than "
                    + "\(folder): mount that one, or name it with \(option), and let all servers of the database share it; "
                    + "to go on with this one as it is, start the server once with --adopt-folder."
            )
        }
        // Security: what lay there would be taken for what this database makes, or freed as what it does not know.
        guard try written == nil || knowsFiles || isEmpty() else {
            throw SettingError(
                "The \(content.rawValue) in \(folder) are those of another database than \(settings.database.description): "
                    + "say with --database and \(option) which belong together; to go on with this folder, in which what "
                    + "this database does not know is deleted in time, start the server once with --adopt-folder."
            )
        }
        return false
    }

    private var option: String {
        switch content {
        case .artifacts: "--artifacts-destination"
        case .repositories: "--data"
        }
    }

    private var path: String { folder + "/database-mark" }

    private func write(_ word: String) throws {
        try PrivateFolder.make(folder)
        try Data(word.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// Nil where no server has written it yet, as those of older versions did not.
    private func read() throws -> String? {
        guard FileStatus(ofFile: path) != nil else { return nil }
        return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private func isEmpty() throws -> Bool {
        let files = FileManager.default
        switch content {
        case .artifacts:
            let objects = folder + "/objects"
            guard FileStatus(ofFile: objects) != nil else { return true }
            return try files.contentsOfDirectory(atPath: objects).allSatisfy { shard in
                try files.contentsOfDirectory(atPath: objects + "/" + shard).isEmpty
            }
        case .repositories:
            return try !files.contentsOfDirectory(atPath: folder).contains { $0.hasSuffix(".git") }
        }
    }
}
