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

    /// The beginning of that, and dots where it is longer.
    ///
    /// Security: what is wrong may be as long as a body, and is not to be written a second time.
    func pythonText(upTo most: Int) -> String {
        var left = most + 1
        let text = beginning(&left).pythonText
        return text.utf8.count > most ? text.prefix(most) + "..." : text
    }

    /// So much of it as has about `left` characters.
    private func beginning(_ left: inout Int) -> JSON {
        left -= 1
        switch self {
        case .null, .boolean, .integer, .number: return self
        case .string(let text):
            let kept = text.unicodeScalars.prefix(max(0, left))
            left -= kept.count
            return .string(String(kept))
        case .array(let elements):
            var kept: [JSON] = []
            for element in elements where left > 0 { kept.append(element.beginning(&left)) }
            return .array(kept)
        case .object(let members):
            var kept: [JSON.Member] = []
            // So many are not put in order, of which few are shown.
            let first =
                members.count > 1_000
                ? Array(members.prefix(max(0, left))) : members.sorted { $0.key < $1.key }
            for member in first where left > 0 {
                guard case .string(let key) = JSON.string(member.key).beginning(&left) else { continue }
                kept.append(JSON.Member(key: key, value: member.value.beginning(&left)))
            }
            return .object(kept)
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
