import Core
import Database

/// Conditions that hold queries to what a caller reaches; empty for whose role in the workspace is enough.
///
/// Security: what is not reached is to every query as what is not there.
extension Caller {
    /// Behind other conditions: that the name of a registered model, in a column, is one of those that the caller reaches.
    func reaches(_ name: SQL) -> SQL {
        guard let names = reachedModels else { return "" }
        return "AND \(name) \(anyOf: names)"
    }
}
