/// What a rule may protect.
package enum ProtectedDeed: Sendable, Hashable {
    case setAlias(String, to: Int64)
    case removeAlias(String)
    /// `restores` is the event whose state comes back.
    case rollBack(String, to: Int64, restores: Int64)
    case move(Int64, to: ModelStage, archivesOthers: Bool)

    /// What happens to which thing, as the beginning of a sentence.
    package func sentence(of name: String) -> String {
        switch self {
        case .setAlias(let alias, let version):
            "Setting the alias '\(alias)' of \(name) to version \(version)"
        case .removeAlias(let alias): "Removing the alias '\(alias)' of \(name)"
        case .rollBack(let alias, let version, _):
            "Rolling the alias '\(alias)' of \(name) back to version \(version)"
        case .move(let version, let stage, let archivesOthers):
            "Moving version \(version) of \(name) to \(stage.rawValue)"
                + (archivesOthers ? " and the others in it to the archive" : "")
        }
    }

    /// `set_alias`, `remove_alias`, `roll_back_alias` or `move`.
    package var kind: String {
        switch self {
        case .setAlias: "set_alias"
        case .removeAlias: "remove_alias"
        case .rollBack: "roll_back_alias"
        case .move: "move"
        }
    }

    /// The alias that it is about; nil for a stage.
    package var alias: String? {
        switch self {
        case .setAlias(let alias, _), .removeAlias(let alias), .rollBack(let alias, _, _): alias
        case .move: nil
        }
    }

    package var stage: ModelStage? {
        if case .move(_, let stage, _) = self { stage } else { nil }
    }

    /// Nil where an alias is removed.
    package var version: Int64? {
        switch self {
        case .setAlias(_, let version), .rollBack(_, let version, _), .move(let version, _, _): version
        case .removeAlias: nil
        }
    }

    package var archivesOthers: Bool {
        if case .move(_, _, let archivesOthers) = self { archivesOthers } else { false }
    }

    /// The words of the database.
    var columns: (kind: String, target: String, version: Int64, restores: Int64, archivesOthers: Bool) {
        var restored: Int64 = 0
        if case .rollBack(_, _, let restores) = self { restored = restores }
        return (kind, alias ?? stage?.rawValue ?? "", version ?? 0, restored, archivesOthers)
    }

    init(kind: String, target: String, version: Int64, restores: Int64, archivesOthers: Bool) {
        self =
            switch kind {
            case "set_alias": .setAlias(target, to: version)
            case "remove_alias": .removeAlias(target)
            case "roll_back_alias": .rollBack(target, to: version, restores: restores)
            default:
                .move(version, to: ModelStage(rawValue: target) ?? .none, archivesOthers: archivesOthers)
            }
    }
}
