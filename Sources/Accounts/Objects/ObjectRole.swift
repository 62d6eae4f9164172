package import Core
import Database

/// Permissions for single things of a workspace under one name, which people are given together.
///
/// What is given to one person is in a role of theirs alone, as in MLflow.
package struct ObjectRole: Sendable, Hashable {
    package let id: Int64
    package let name: String
    /// What MLflow's clients call the workspace.
    package let workspace: String
    package let description: String?
    package let permissions: [Permission]
    /// Whether it holds what was given to one person, and is theirs alone.
    package let isOwn: Bool

    /// One of its permissions.
    package struct Permission: Sendable, Hashable {
        package let id: Int64
        package let role: Int64
        package let object: GrantedObject
        package let permission: ObjectPermission

        /// The columns that `init` reads, of the table `object_permissions` under the name `p`.
        static let columns: SQL = "p.permission_id, p.role_id, p.kind, p.object, p.permission"

        init(_ row: borrowing Row) throws {
            guard let kind = GrantedObject.Kind(rawValue: row.text(2)),
                let permission = ObjectPermission(rawValue: row.text(4))
            else { throw Failure(.internalError, "A permission '\(row.text(4))' is unknown.") }
            id = row.int(0)
            role = row.int(1)
            object = GrantedObject(kind: kind, name: row.text(3))
            self.permission = permission
        }
    }

    /// That a person has a role.
    package struct Assignment: Sendable, Hashable {
        package let id: Int64
        package let account: AccountID
        package let role: Int64
    }

    private static let reservedPrefix = "__user_"
    private static let longestName = 255
    private static let longestDescription = 10_000

    static func ownName(of account: AccountID) -> String { "\(reservedPrefix)\(account.key)__" }

    /// - Throws: `Failure.invalid` for no name, for one of the roles that are somebody's alone, and for one that is too long.
    static func check(name: String) throws(Failure) {
        guard name.contains(where: { !$0.isWhitespace }) else { throw .invalid("Role name cannot be empty.") }
        guard !name.hasPrefix(reservedPrefix) else {
            throw .invalid(
                "Role name '\(name)' uses the reserved '__user_' prefix, which is held for the per-user permission "
                    + "representation. Choose a different name."
            )
        }
        guard name.unicodeScalars.count <= longestName else {
            throw .invalid("The name of a role has at most \(longestName) characters.")
        }
    }

    /// - Throws: `Failure.invalid` for one that is too long.
    static func check(description: String?) throws(Failure) {
        guard (description ?? "").unicodeScalars.count <= longestDescription else {
            throw .invalid("The description of a role has at most \(longestDescription) characters.")
        }
    }
}
