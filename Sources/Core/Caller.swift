/// Who asks, and in which workspace; every store is opened for a caller and sees only that workspace.
package struct Caller: Sendable, Hashable {
    /// The name that events carry; on loopback the local person.
    package let name: String
    package let workspace: WorkspaceID

    package init(name: String, workspace: WorkspaceID) {
        self.name = name
        self.workspace = workspace
    }
}

/// The key of a workspace: the tracking content of one repository, or the default one.
package struct WorkspaceID: Sendable, Hashable {
    package let key: Int64

    package init(key: Int64) {
        self.key = key
    }

    /// The workspace of addresses that name no repository; made by the first migration.
    package static let standard = WorkspaceID(key: 1)
}
