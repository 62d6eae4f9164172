/// A value in a table; a long one scrolls in a box of its own, so that what follows it is near.
struct FoldedText {
    private static let mostBytes = 600
    private static let mostLines = 8

    let text: String
    /// Whose value it is.
    let name: String

    init(_ text: String, of name: String) {
        (self.text, self.name) = (text, name)
    }

    private var isLong: Bool {
        text.utf8.count > Self.mostBytes || text.utf8.count { $0 == UInt8(ascii: "\n") } > Self.mostLines
    }

    var html: HTML {
        guard isLong else { return "\(text)" }
        return """
            <div class="folded" tabindex="0" role="region" aria-label="\(name)">\(text)</div>
            """
    }
}
