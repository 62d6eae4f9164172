import FoundationEssentials

/// A folder that is gone once it is not needed any more.
enum PassingFolder {
    /// Makes a folder that only this user may enter, and removes it with all that is in it, however the body ends.
    ///
    /// - Parameter body: What needs the folder.
    /// - Throws: What the body throws; `SettingError` where the folder cannot be made.
    static func use(_ body: (_ path: String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/roost-\(UUID().uuidString)"
        try PrivateFolder.make(path)
        do {
            try await body(path)
        } catch {
            try FileManager.default.removeItem(atPath: path)
            throw error
        }
        try FileManager.default.removeItem(atPath: path)
    }
}
