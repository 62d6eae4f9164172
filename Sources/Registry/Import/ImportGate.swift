import Core
import Database

/// Keeps an import from what the approval rules of a model protect: it asks nobody, so it changes nothing of that.
struct ImportGate {
    let caller: Caller
    let connection: any Connection
    let model: Int64
    let name: ModelName

    /// A version that is new here, in stage None where a rule is about its stage or about leaving None.
    func admit(
        _ version: ImportedModelVersion,
        _ counts: inout RegistryImportCounts
    ) throws -> ImportedModelVersion {
        guard version.stage != .none else { return version }
        let rows = ApprovalRows(connection: connection)
        let isProtected = try [.none, version.stage].contains { (stage: ModelStage) in
            try rows.isProtected(.stage(stage), of: model)
        }
        guard isProtected else {
            let gate = ApprovalGate(caller: caller, connection: connection)
            try gate.lapseArchiving([version.stage], of: name, model)
            return version
        }
        counts.withheld.append(
            RegistryImportCounts.Withheld(
                what:
                    "stage \(version.stage.rawValue) of registered model \(name), version \(version.version)",
                reason: "an approval rule protects it, so the version is in None"
            )
        )
        var version = version
        version.stage = .none
        return version
    }

    /// Whether an alias may come.
    func admits(alias: String, _ counts: inout RegistryImportCounts) throws -> Bool {
        guard try ApprovalRows(connection: connection).isProtected(.alias(alias), of: model) else {
            return true
        }
        counts.withheld.append(
            RegistryImportCounts.Withheld(
                what: "alias \(alias) of registered model \(name)",
                reason: "an approval rule protects it"
            )
        )
        return false
    }
}
