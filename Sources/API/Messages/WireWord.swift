/// A word of one of MLflow's enums: it travels by name, and clients may also send its number.
package protocol WireWord: CaseIterable, Sendable {
    var wireName: String { get }
    var wireNumber: Int64 { get }
}

extension WireWord where Self: RawRepresentable, RawValue == String {
    package var wireName: String { rawValue }
}
