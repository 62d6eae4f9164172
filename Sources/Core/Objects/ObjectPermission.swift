/// What is to be done with one experiment or one registered model.
package enum ObjectAction: Sendable, Hashable, CaseIterable {
    case read
    case update
    case delete
    /// To give others permissions for it.
    case manage
}

/// What somebody may do with one experiment or one registered model; the raw value is MLflow's word, and each includes
/// those before it.
///
/// - Source: MLflow 3.17, `mlflow/server/auth/permissions.py`.
package enum ObjectPermission: String, Sendable, Hashable, CaseIterable, Comparable {
    case none = "NO_PERMISSIONS"
    case read = "READ"
    case use = "USE"
    case edit = "EDIT"
    case manage = "MANAGE"

    package func allows(_ action: ObjectAction) -> Bool {
        switch action {
        case .read: self >= .read
        case .update: self >= .edit
        case .delete, .manage: self >= .manage
        }
    }

    package static func < (left: ObjectPermission, right: ObjectPermission) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .none: 0
        case .read: 1
        case .use: 2
        case .edit: 3
        case .manage: 4
        }
    }
}
