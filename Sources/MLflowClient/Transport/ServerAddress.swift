/// The address of a server, taken apart.
struct ServerAddress {
    let text: String
    let credentials: Credentials?

    init(_ address: String) throws(MLflowError) {
        let lowered = address.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lowered.hasPrefix($0) }) else {
            throw .invalidAddress(address)
        }
        var rest = address.dropFirst(scheme.count)
        while rest.hasSuffix("/") { rest.removeLast() }
        let authority = rest.prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            credentials = .basic(
                username: PercentEncoding.decoded(parts[0]),
                password: parts.count > 1 ? PercentEncoding.decoded(parts[1]) : ""
            )
            rest = rest[rest.index(after: at)...]
        } else {
            credentials = nil
        }
        guard let first = rest.first, first != "/", first != ":", !rest.contains(where: \.isWhitespace),
            !rest.contains("?"), !rest.contains("#")
        else { throw .invalidAddress(address) }
        text = scheme + rest
    }
}

enum PercentEncoding {
    /// Everything but letters, digits and `-._~` as `%XX`; a slash stays where it parts a path.
    static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlashes: result += "/"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    /// Undoes `%XX` once; what is none stays.
    static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let code = rest.prefix(2)
            if byte == UInt8(ascii: "%"), code.count == 2,
                let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
