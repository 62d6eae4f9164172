package import Core

/// The name of a file or folder below a root that the server chose: components joined by `/`.
///
/// Its initialiser is the one place where a path of a caller is judged, after it was decoded exactly once. Letters that
/// may be written in two ways are kept in one (Unicode NFC), so that no two files have names which look the same.
package struct ArtifactPath: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    package static let limitBytes = 2_048
    package static let componentLimitBytes = 255

    /// Judges a path.
    ///
    /// - Throws: `Failure.invalid` with MLflow's words.
    /// - Source: MLflow 3, `validate_path_is_safe`; where that cleans a path up, this refuses it.
    package init(_ text: String) throws {
        let text = text.composed
        guard Self.isSafe(text) else { throw Self.refusal }
        // Security: no reading of the path leads out, however often somebody later decodes it (CVE-2024-1560). More is
        // not asked of it: MLflow 2 calls the images of a run `samples%step%1%timestamp%1795462976708%5a96fba-….png`.
        var reading = text
        for _ in 0..<Self.decodingLimit {
            guard !Self.leadsOut(reading) else { throw Self.refusal }
            guard reading.utf8.contains(UInt8(ascii: "%")), let decoded = Self.decoded(reading),
                decoded != reading
            else {
                self.text = text
                return
            }
            reading = decoded
        }
        throw Self.refusal
    }

    /// The last component.
    package var name: String { String(text.split(separator: "/").last ?? "") }

    /// The folders that a file of this path lies in, from the outermost.
    package var folders: [String] {
        let components = text.split(separator: "/")
        return (1..<max(components.count, 1)).map { components.prefix($0).joined(separator: "/") }
    }

    package var description: String { text }

    /// A path below this one.
    package func appending(_ path: ArtifactPath) throws -> ArtifactPath {
        try ArtifactPath("\(text)/\(path.text)")
    }

    /// Undoes percent-encoding once; nil where the bytes are no UTF-8.
    ///
    /// A percent sign that begins no code stays, as everywhere else.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), rest.count >= 2, let high = value(rest[rest.startIndex]),
                let low = value(rest[rest.startIndex + 1])
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(high << 4 | low)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    package static let refusal = Failure.invalid("Invalid path")

    private static let decodingLimit = 10

    // Security: no way up, out, or to another machine's idea of a path (`\`, `C:`, `#`, full-width slashes).
    private static func isSafe(_ path: String) -> Bool {
        guard path.utf8.count <= limitBytes, path.unicodeScalars.allSatisfy(isAllowed) else { return false }
        let scalars = path.unicodeScalars.prefix(2)
        if let first = scalars.first, scalars.last == ":", first.properties.isAlphabetic { return false }
        return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { component in
            !component.isEmpty && component.utf8.count <= componentLimitBytes
                && !component.unicodeScalars.allSatisfy(isDot)
        }
    }

    private static func leadsOut(_ path: String) -> Bool {
        let components = path.unicodeScalars.split(omittingEmptySubsequences: false) { isSeparator($0) }
        let scalars = path.unicodeScalars.prefix(2)
        if let first = scalars.first, scalars.last == ":", first.properties.isAlphabetic { return true }
        return components.first?.isEmpty == true
            || components.contains { !$0.isEmpty && $0.allSatisfy { isDot($0) || $0.value <= 0x20 } }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        [0x2F, 0x5C, 0xFF0F, 0xFF3C, 0x2044, 0x2215].contains(scalar.value)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Controls, and what turns the direction of writing around to disguise a name.
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: false
        case 0x23, 0x5C: false
        // Full-width `#`, `/`, `\`; fraction and division slash; the mark of undecodable bytes.
        case 0xFF03, 0xFF0F, 0xFF3C, 0x2044, 0x2215, 0xFFFD: false
        default: true
        }
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        [0x2E, 0x2024, 0x2025, 0x2026, 0xFE52, 0xFF0E].contains(scalar.value)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
