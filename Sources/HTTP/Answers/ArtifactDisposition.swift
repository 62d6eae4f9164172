import Foundation

/// The header that makes a browser save a file instead of showing it.
package enum ArtifactDisposition {
    /// `attachment` with a name; a name beyond ASCII comes twice, for clients that cannot read it as well.
    ///
    /// Security: quotes and backslashes are escaped, and a path has no controls, so that a name cannot end the header.
    ///
    /// - Source: RFC 6266; MLflow 3, `_content_disposition_attachment`.
    package static func attachment(_ name: String) -> String {
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return "attachment; filename=\(quoted(name))" }
        let plain = name.decomposedStringWithCompatibilityMapping.unicodeScalars.filter(\.isASCII)
        let fallback = plain.isEmpty ? "download" : String(String.UnicodeScalarView(plain))
        return "attachment; filename=\(quoted(fallback)); filename*=UTF-8''\(encoded(name))"
    }

    private static func quoted(_ name: String) -> String {
        if !name.isEmpty, name.utf8.allSatisfy({ isAlphanumeric($0) || tokenMarks.contains($0) }) {
            return name
        }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    private static func encoded(_ name: String) -> String {
        name.utf8.map { byte in
            isAlphanumeric(byte) || attributeMarks.contains(byte)
                ? String(UnicodeScalar(byte))
                : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
    private static let attributeMarks = Set("!#$&+-.^_`|~".utf8)

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte < 0x80 && UnicodeScalar(byte).properties.isAlphabetic
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
