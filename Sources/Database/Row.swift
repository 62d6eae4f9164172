internal import GRDBSQLite

/// One row of an answer, read by position; it lives as long as the closure that received it.
///
/// A column that holds another type than the one asked for is a fault of the program and traps.
package struct Row: ~Copyable {
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(Libpq, OpaquePointer, Int32)
    }

    let source: Source

    package func isNull(_ column: Int) -> Bool {
        switch source {
        case .sqlite(let statement): sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
        case .postgres(let pq, let result, let row): pq.getisnull(result, row, Int32(column)) == 1
        }
    }

    package func int(_ column: Int) -> Int64 {
        switch source {
        case .sqlite(let statement):
            return sqlite3_column_int64(statement, Int32(column))
        case .postgres(let pq, let result, let row):
            let text = pq.getvalue(result, row, Int32(column))
            guard let text, let value = Self.integer(text) else {
                preconditionFailure("column \(column) is not an integer")
            }
            return value
        }
    }

    package func double(_ column: Int) -> Double {
        switch source {
        case .sqlite(let statement):
            return sqlite3_column_double(statement, Int32(column))
        case .postgres(let pq, let result, let row):
            guard let text = pq.getvalue(result, row, Int32(column)),
                let value = Double(String(cString: text))
            else { preconditionFailure("column \(column) is not a number") }
            return value
        }
    }

    package func bool(_ column: Int) -> Bool {
        switch source {
        case .sqlite(let statement):
            sqlite3_column_int(statement, Int32(column)) != 0
        case .postgres(let pq, let result, let row):
            pq.getvalue(result, row, Int32(column))?.pointee == CChar(bitPattern: UInt8(ascii: "t"))
        }
    }

    package func text(_ column: Int) -> String {
        withUTF8(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a text column without copying them.
    package func withUTF8<T>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        switch source {
        case .sqlite(let statement):
            let start = sqlite3_column_text(statement, Int32(column))
            let count = Int(sqlite3_column_bytes(statement, Int32(column)))
            return try body(UnsafeBufferPointer(start: start, count: count))
        case .postgres(let pq, let result, let row):
            let count = Int(pq.getlength(result, row, Int32(column)))
            guard let start = pq.getvalue(result, row, Int32(column)) else {
                return try body(UnsafeBufferPointer(start: nil, count: 0))
            }
            return try start.withMemoryRebound(to: UInt8.self, capacity: count) {
                try body(UnsafeBufferPointer(start: $0, count: count))
            }
        }
    }

    package func blob(_ column: Int) -> [UInt8] {
        switch source {
        case .sqlite(let statement):
            let count = Int(sqlite3_column_bytes(statement, Int32(column)))
            guard let start = sqlite3_column_blob(statement, Int32(column)), count > 0 else { return [] }
            return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
        case .postgres:
            // PostgreSQL writes bytes as \x and hexadecimal digits.
            return withUTF8(column) { digits in
                stride(from: 2, to: digits.count - 1, by: 2).map {
                    Self.nibble(digits[$0]) << 4 | Self.nibble(digits[$0 + 1])
                }
            }
        }
    }

    package func optionalInt(_ column: Int) -> Int64? { isNull(column) ? nil : int(column) }
    package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    private static func integer(_ text: UnsafePointer<CChar>) -> Int64? {
        var cursor = text
        let isNegative = cursor.pointee == CChar(bitPattern: UInt8(ascii: "-"))
        if isNegative { cursor += 1 }
        guard cursor.pointee != 0 else { return nil }
        var value: Int64 = 0
        while cursor.pointee != 0 {
            let digit = Int64(cursor.pointee) - 48
            guard 0...9 ~= digit else { return nil }
            // Counted downwards, because the smallest number has no positive twin.
            value = value &* 10 &- digit
            cursor += 1
        }
        return isNegative ? value : -value
    }

    private static func nibble(_ digit: UInt8) -> UInt8 {
        digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }
}
