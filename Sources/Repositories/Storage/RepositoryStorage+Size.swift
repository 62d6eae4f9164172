package import Core
import Glibc

extension RepositoryStorage {
    /// More files are not looked at; maintenance packs them long before there are so many.
    private static let mostFiles = 20_000

    /// How long the objects of a repository are; 0 for one that is not on disk.
    ///
    /// It asks the file system for each file, so that it is not for event loops.
    package func objectBytes(of workspace: WorkspaceID) throws -> Int64 {
        guard exists(workspace) else { return 0 }
        let objects = repositories.path(of: workspace) + "/objects"
        var (bytes, rest) = (Int64(0), Self.mostFiles)
        // Loose ones lie in folders of two digits.
        for folder in try PrivateFiles.names(in: objects) where folder == "pack" || folder.utf8.count == 2 {
            for name in try PrivateFiles.names(in: "\(objects)/\(folder)").prefix(rest) {
                var status = stat()
                if stat("\(objects)/\(folder)/\(name)", &status) == 0 { bytes += Int64(status.st_size) }
                rest -= 1
            }
        }
        return bytes
    }
}
