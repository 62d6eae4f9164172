/// What MLflow allows as names and values, in its own words.
///
/// Source: MLflow 3.17, `mlflow/utils/validation.py`.
package enum NameRules {
    package static let keyLimit = 250

    /// Refuses a name of a metric, param or tag that has other characters than allowed or reads as another path.
    package static func checkName(_ name: String, path: String) throws(Failure) {
        if isPlain(name) { return }
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw .invalid(
                invalidValue(
                    path,
                    name,
                    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."
                )
            )
        }
        try checkPath(name, of: path)
    }

    /// Refuses a name that would be another one as a path, such as `a/../b`.
    package static func checkPath(_ name: String, of path: String) throws(Failure) {
        if isPlain(name) { return }
        let resolved = normalized(path: name)
        guard resolved == name, resolved != ".", !resolved.hasPrefix(".."), !resolved.hasPrefix("/") else {
            throw .invalid(
                invalidValue(
                    path,
                    name,
                    "Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '\(shown(resolved))'"
                )
            )
        }
    }

    package static func checkLength(_ value: String, limit: Int, of path: String) throws(Failure) {
        guard value.utf8.count <= limit || value.unicodeScalars.count <= limit else {
            throw .invalid("'\(path)' exceeds the maximum length of \(limit) characters")
        }
    }

    /// The first characters of a value that is longer than MLflow keeps.
    package static func truncated(_ value: String, limit: Int) -> String {
        guard value.utf8.count > limit, value.unicodeScalars.count > limit else { return value }
        return String(String.UnicodeScalarView(value.unicodeScalars.prefix(limit)))
    }

    /// "Invalid value … for parameter …" with the value as JSON.
    package static func invalidValue(_ path: String, _ value: String, _ reason: String) -> String {
        "Invalid value \(asciiJSON(shown(value))) for parameter '\(path)' supplied: \(reason)"
    }

    /// A value as it is shown to who sent it; where it is longer than anything that is kept, its beginning and dots.
    ///
    /// Security: a value that is wrong may be as long as a body, and each of its characters six in ASCII.
    package static func shown(_ value: String) -> String {
        value.utf8.count > 10_000 ? truncated(value, limit: 1_000) + "..." : value
    }

    /// A string as JSON that is only ASCII, as Python writes it.
    package static func asciiJSON(_ value: String) -> String {
        var text = "\""
        for unit in value.utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x08: text += "\\b"
            case 0x0C: text += "\\f"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text + "\""
    }

    /// True for the names that nearly everybody uses, so that the long way is rarely taken.
    package static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
            return false
        }
        return name.utf8.allSatisfy(isPlain)
    }

    /// Whether a byte is an ASCII letter or digit, or one of `_`, `-` and `.`.
    package static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", ".", "-", " ", ":": true
        default: isWord(scalar)
        }
    }

    /// What `\w` is to Python.
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: isLetter(scalar) || scalar.properties.numericType != nil
        }
    }

    package static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// What a path is after `.` and `..` and doubled slashes are resolved.
    ///
    /// Source: Python, `posixpath.normpath`.
    package static func normalized(path: String) -> String {
        guard !path.isEmpty else { return "." }
        let slashes = path.prefix { $0 == "/" }.count
        let root = slashes == 0 ? "" : slashes == 2 ? "//" : "/"
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." || (root.isEmpty && parts.isEmpty) || parts.last == ".." {
                parts.append(part)
            } else if !parts.isEmpty {
                parts.removeLast()
            }
        }
        let joined = root + parts.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }
}
