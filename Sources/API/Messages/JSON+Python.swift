import Core

/// A value as Python shows it in the words of MLflow's messages.
extension JSON {
    var pythonType: String {
        switch self {
        case .null: "NoneType"
        case .boolean: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }

    /// What `json.dumps(value, sort_keys=True, separators=(",", ":"))` gives: ASCII, keys in order.
    var pythonText: String {
        switch self {
        case .null, .boolean, .integer: text
        case .number(let value):
            value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : text
        case .string: Self.ascii(text)
        case .array(let elements): "[" + elements.map(\.pythonText).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\(JSON.string($0.key).pythonText):\($0.value.pythonText)" }.joined(separator: ",")
                + "}"
        }
    }

    private static func ascii(_ text: String) -> String {
        text.utf16.map { unit in
            if unit < 0x7F { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
