internal import Core
internal import FoundationEssentials

/// Where a page of a search ended: the values that its last row is sorted by.
///
/// The next page begins behind them, whatever was added or deleted meanwhile. As a text it is base64 of JSON, as MLflow's
/// tokens are, and carries a mark of the search it belongs to.
struct PageToken: Equatable {
    let values: [Value]

    init(values: [Value]) {
        self.values = values
    }

    /// - Parameters:
    ///   - text: What the client sent.
    ///   - search: The mark of the search that is asked now.
    ///   - kinds: The kinds of the columns that it is sorted by.
    /// - Throws: `Failure.invalid` for a text that this server did not write, or wrote for another search.
    init(_ text: String, search: String, kinds: [SortColumn.Kind]) throws(Failure) {
        guard let bytes = Data(base64Encoded: text) else {
            throw .invalid("Invalid page token, could not base64-decode")
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: [UInt8](bytes))
        } catch {
            throw .invalid("Invalid page token, decoded value=\(String(decoding: bytes, as: UTF8.self))")
        }
        guard case .array(let values) = json["after"], case .string(let mark) = json["search"] else {
            throw .invalid("Invalid page token, parsed value=\(json.text)")
        }
        guard mark == search else { throw .invalid("Invalid page token, it belongs to another search") }
        let decoded = zip(kinds, values).compactMap { Self.value($1, $0) }
        guard values.count == kinds.count, decoded.count == kinds.count else {
            throw .invalid("Invalid page token, parsed value=\(json.text)")
        }
        self.values = decoded
    }

    func text(search: String) -> String {
        var json = JSONWriter()
        json.object { json in
            json.array("after") { json in
                for value in values { Self.write(value, to: &json) }
            }
            json.field("search", search)
        }
        return Data(json.bytes).base64EncodedString()
    }

    private static func value(_ json: JSON, _ kind: SortColumn.Kind) -> Value? {
        switch (json, kind) {
        case (.null, _): .null
        case (.integer(let value), .integer): .integer(value)
        case (.integer(let value), .real): .real(Double(value))
        case (.number(let value), .real): .real(value)
        case (.string(let value), .text): .text(value)
        default: nil
        }
    }

    private static func write(_ value: Value, to json: inout JSONWriter) {
        switch value {
        case .integer(let value): json.value(value)
        case .real(let value): json.value(value)
        case .text(let value): json.value(value)
        case .null, .boolean, .blob: json.null()
        }
    }
}
