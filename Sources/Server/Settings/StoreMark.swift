import Core
import FoundationEssentials
import ObjectStore

/// Whose objects lie in a folder of artifacts: the mark of the database that knows them, in a file beside them.
struct StoreMark {
    private let path: String
    private let folder: String

    init(folder: String) {
        self.folder = folder
        path = folder + "/database-mark"
    }

    /// Says that a database is served with this folder; another one was it before, where a server has moved.
    func claim(for store: FileStore) async throws {
        let mark = try await store.makeMark()
        guard try read() != mark else { return }
        try Data(mark.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// Sees to it that the folder is that of a database, before anything is freed by what its rows know.
    ///
    /// - Throws: `SettingError` where another database was served with it last.
    func check(_ store: FileStore, _ database: DatabaseAddress) async throws {
        guard let written = try read(), try await store.mark() != written else { return }
        throw SettingError(
            "The artifacts in \(folder) are not those of the database \(database.description): "
                + "say with --database and --artifacts-destination which belong together."
        )
    }

    /// Nil where no server has written it yet, as those of older versions did not.
    private func read() throws -> String? {
        guard FileStatus(ofFile: path) != nil else { return nil }
        return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
