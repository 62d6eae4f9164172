/// One value as it travels to the database.
package enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case boolean(Bool)
    case blob([UInt8])
}

/// What may stand in a hole of an `SQL` literal as a bound value.
package protocol SQLConvertible {
    var sqlValue: Value { get }
}

extension Value: SQLConvertible { package var sqlValue: Value { self } }
extension Int64: SQLConvertible { package var sqlValue: Value { .integer(self) } }
extension Int: SQLConvertible { package var sqlValue: Value { .integer(Int64(self)) } }
extension Double: SQLConvertible { package var sqlValue: Value { .real(self) } }
extension String: SQLConvertible { package var sqlValue: Value { .text(self) } }
extension Bool: SQLConvertible { package var sqlValue: Value { .boolean(self) } }
extension [UInt8]: SQLConvertible { package var sqlValue: Value { .blob(self) } }
extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package var sqlValue: Value { self?.sqlValue ?? .null }
}
