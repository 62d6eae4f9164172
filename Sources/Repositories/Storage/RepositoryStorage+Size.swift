package import Core
import Glibc

extension RepositoryStorage {
    /// How long the packs of a repository are, which hold nearly all of it; 0 for one that is not on disk.
    ///
    /// It asks the file system, so that it is not for event loops.
    package func packedBytes(of workspace: WorkspaceID) throws -> Int64 {
        guard exists(workspace) else { return 0 }
        let folder = repositories.path(of: workspace) + "/objects/pack"
        return try PrivateFiles.names(in: folder).reduce(0) { sum, name in
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }
}
