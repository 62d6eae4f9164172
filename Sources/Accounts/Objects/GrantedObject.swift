import Core

/// An experiment or a registered model, as permissions name it: by what the room that keeps it calls it.
package struct GrantedObject: Sendable, Hashable {
    /// What it is; the raw value is MLflow's word for the type.
    ///
    /// A prompt is a registered model here.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case experiment
        case registeredModel = "registered_model"
    }

    package let kind: Kind
    /// The number of an experiment in its workspace, or the name of a model.
    package let name: String

    package static func experiment(_ id: Int64) -> GrantedObject {
        GrantedObject(kind: .experiment, name: "\(id)")
    }

    package static func model(_ name: String) -> GrantedObject {
        GrantedObject(kind: .registeredModel, name: name)
    }

    /// What stands for it in sentences.
    var words: String {
        switch kind {
        case .experiment: "the experiment \(name)"
        case .registeredModel: "the registered model '\(name)'"
        }
    }
}

extension ObjectPermission {
    /// What a role in a repository gives for each experiment and model in it.
    init(_ role: Role?) {
        self =
            switch role {
            case nil: .none
            case .read: .read
            case .write: .edit
            case .admin: .manage
            }
    }
}
