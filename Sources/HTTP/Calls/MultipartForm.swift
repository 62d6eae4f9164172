package import Core
package import NIOCore

/// A form whose fields may be files, as browsers and clients send it.
///
/// - Source: RFC 7578; RFC 2046, 5.1.1.
package struct MultipartForm {
    package struct Part {
        package let name: String
        /// Nil for a field that is no file.
        package let fileName: String?
        package let content: ByteBufferView

        package var bytes: [UInt8] { Array(content) }
    }

    /// Security: each part costs work, however short it is.
    package static let mostParts = 1_000
    private static let headLimitBytes = 8_192

    package let parts: [Part]

    /// - Parameters:
    ///   - body: The body whole.
    ///   - type: What the header Content-Type says.
    /// - Throws: `Failure.invalid` for what is no such form.
    package init(_ body: ByteBuffer, type: String) throws(Failure) {
        let boundary = try Self.boundary(of: type)
        let line = Array("\r\n--\(boundary)".utf8)
        // The first boundary has no line end of a part before it.
        var rest = body.readableBytesView[...]
        guard rest.starts(with: line.dropFirst(2)) else { throw Self.malformed }
        rest = rest.dropFirst(line.count - 2)
        var parts: [Part] = []
        while !rest.starts(with: "--".utf8) {
            guard rest.starts(with: "\r\n".utf8), let end = Self.find(line, in: rest) else {
                throw Self.malformed
            }
            guard parts.count < Self.mostParts else {
                throw .invalid("A form has at most \(Self.mostParts) parts.")
            }
            parts.append(try Self.part(rest[rest.index(rest.startIndex, offsetBy: 2)..<end]))
            rest = rest[rest.index(end, offsetBy: line.count)...]
        }
        self.parts = parts
    }

    /// The text of a field that is no file.
    package subscript(name: String) -> String? {
        parts.first { $0.name == name && $0.fileName == nil }.map {
            String(decoding: $0.content, as: UTF8.self)
        }
    }

    package static let malformed = Failure.invalid("The body is no form of the type multipart/form-data.")

    /// What separates the parts of a form whose Content-Type this is.
    ///
    /// - Throws: `Failure.invalid` where it names nothing.
    package static func boundary(of type: String) throws(Failure) -> String {
        guard type.lowercased().hasPrefix("multipart/form-data"),
            let boundary = parameter("boundary", in: type),
            (1...70).contains(boundary.utf8.count)
        else { throw .invalid("The header Content-Type names no boundary.") }
        return boundary
    }

    /// What the head of a part calls its file; nil where it is a field.
    package static func fileName(inHead head: String) throws(Failure) -> String? {
        parameter("filename", in: try disposition(inHead: head))
    }

    private static func part(_ text: ByteBufferView) throws(Failure) -> Part {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = find(separator, in: text),
            text.distance(from: text.startIndex, to: end) <= headLimitBytes
        else { throw malformed }
        let disposition = try disposition(inHead: String(decoding: text[..<end], as: UTF8.self))
        guard let name = parameter("name", in: disposition) else { throw malformed }
        return Part(
            name: name,
            fileName: parameter("filename", in: disposition),
            content: text[text.index(end, offsetBy: separator.count)...]
        )
    }

    private static func disposition(inHead head: String) throws(Failure) -> String {
        let line = head.split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-disposition:")
        }
        guard let line else { throw malformed }
        return String(line)
    }

    /// The value of `; name="value"`, in which quotes and backslashes are escaped.
    private static func parameter(_ name: String, in header: String) -> String? {
        var rest = Substring(header)
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let isWanted = rest[..<equals].lowercased() == name
            rest = rest[rest.index(after: equals)...]
            let value = takeValue(&rest)
            if isWanted { return value }
        }
        return nil
    }

    private static func takeValue(_ rest: inout Substring) -> String {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != ";" && $0 != " " }
            rest = rest[value.endIndex...]
            return String(value)
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            // Browsers escape a quote as `%22`; others with a backslash, which some of them leave before a letter.
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                rest = rest.dropFirst()
                value.append(next)
            } else {
                value.append(character)
            }
        }
        return value.replacing("%22", with: "\"")
    }

    private static func find(_ pattern: [UInt8], in text: ByteBufferView) -> ByteBufferView.Index? {
        text.firstRange(of: pattern)?.lowerBound
    }
}
