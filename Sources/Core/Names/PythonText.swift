/// Text as Python shows it, for messages that clients match on.
package enum PythonText {
    /// A value as `json.dumps` writes it: only ASCII, with a space behind each comma and colon.
    package static func json(_ json: JSON) -> String {
        switch json {
        case .string(let text): return NameRules.asciiJSON(text)
        case .array(let elements): return "[" + elements.map(self.json).joined(separator: ", ") + "]"
        case .object(let members):
            let pairs = members.map { NameRules.asciiJSON($0.key) + ": " + self.json($0.value) }
            return "{" + pairs.joined(separator: ", ") + "}"
        case .number(let number) where !number.isFinite:
            return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
        case .null, .boolean, .integer, .number: return json.text
        }
    }

    /// A string as `repr` writes it.
    package static func repr(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let control where control.value < 0x20 || control.value == 0x7F:
                result += "\\x" + (control.value < 16 ? "0" : "") + String(control.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }
}
