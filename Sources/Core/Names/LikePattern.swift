/// What `LIKE` with `ESCAPE '!'` is given.
package struct LikePattern: Sendable, Hashable {
    package let text: String

    /// - Parameter part: What is contained as it is written, whatever its characters mean to `LIKE`.
    package init(containing part: String) {
        var escaped = ""
        for character in part {
            if "!%_".contains(character) { escaped.append("!") }
            escaped.append(character)
        }
        text = "%\(escaped)%"
    }

    /// A text as `lower` of both databases writes it, which knows the letters A to Z alone.
    package static func smallLetters(of text: String) -> String {
        String(
            decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 },
            as: UTF8.self
        )
    }
}
