package import Core
package import Database

/// The Git repositories of a server: a bare one for each workspace that has an address, in a folder of ours.
package struct Repositories: Sendable {
    let database: any Database
    /// The folder of all repositories; only this server writes into it.
    let folder: String

    /// - Parameters:
    ///   - database: Where rules, refs and pushes are noted.
    ///   - folder: An absolute path.
    package init(database: any Database, folder: String) {
        self.database = database
        self.folder = folder
    }

    /// Where the bare repository of a workspace lies.
    ///
    /// Security: the name is the key that the server made, so that no name of a caller's is ever part of a path.
    package func path(of workspace: WorkspaceID) -> String {
        "\(folder)/\(workspace.key).git"
    }
}
