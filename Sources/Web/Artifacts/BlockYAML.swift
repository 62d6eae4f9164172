/// A file of YAML as MLflow's client writes it: blocks of mappings and lists by indentation, scalars plain or quoted.
///
/// Flow collections, anchors and types stay the text that they are written with. So nothing in a file can make more of it
/// than its length, and reading needs no more of the stack than its depth, which is limited.
indirect enum BlockYAML: Sendable, Hashable {
    case scalar(String)
    case list([BlockYAML])
    case mapping([Member])

    struct Member: Sendable, Hashable {
        let key: String
        let value: BlockYAML
    }

    /// What was read; an empty text for nothing.
    init(_ text: String) {
        var reader = BlockYAMLReader(text)
        self = reader.block(minimum: 0, depth: 0)
    }

    subscript(key: String) -> BlockYAML? {
        guard case .mapping(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a scalar; nil for collections, and for what says that nothing is there.
    var text: String? {
        guard case .scalar(let text) = self, !["", "null", "~"].contains(text) else { return nil }
        return text
    }

    var members: [Member] {
        guard case .mapping(let members) = self else { return [] }
        return members
    }
}

private struct BlockYAMLReader {
    private struct Line {
        let indent: Int
        let text: Substring
    }

    private static let depthLimit = 32

    private var lines: [Line]
    private var next = 0

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let content = line.drop { $0 == " " }
            let end = content.last == "\r" ? content.dropLast() : content
            return Line(indent: line.count - content.count, text: end)
        }
    }

    /// The block that begins at the next line, if that is indented enough.
    mutating func block(minimum: Int, depth: Int) -> BlockYAML {
        skipNothing()
        guard depth < Self.depthLimit, let line = current, line.indent >= minimum else { return .scalar("") }
        if isItem(line.text) { return list(at: line.indent, depth) }
        return Self.split(line.text) == nil
            ? .scalar(scalar(line.text, above: minimum - 1)) : mapping(at: line.indent, depth)
    }

    private var current: Line? { next < lines.count ? lines[next] : nil }

    private mutating func skipNothing() {
        while let line = current, line.text.isEmpty || line.text.first == "#" || line.text == "---" {
            next += 1
        }
    }

    private func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

    private mutating func list(at indent: Int, _ depth: Int) -> BlockYAML {
        var items: [BlockYAML] = []
        while let line = current, line.indent == indent, isItem(line.text) {
            let content = line.text.dropFirst().drop { $0 == " " }
            if content.isEmpty {
                next += 1
                items.append(block(minimum: indent + 1, depth: depth + 1))
            } else {
                // What follows the dash is a block of its own, as far in as it stands.
                let inner = indent + line.text.count - content.count
                lines[next] = Line(indent: inner, text: content)
                items.append(block(minimum: inner, depth: depth + 1))
            }
            skipNothing()
        }
        return .list(items)
    }

    private mutating func mapping(at indent: Int, _ depth: Int) -> BlockYAML {
        var members: [BlockYAML.Member] = []
        while let line = current, line.indent == indent, let (key, rest) = Self.split(line.text) {
            members.append(BlockYAML.Member(key: key, value: value(rest, of: indent, depth)))
            skipNothing()
        }
        // A line that is no member would never end the file.
        if members.isEmpty { next += 1 }
        return .mapping(members)
    }

    private mutating func value(_ rest: Substring, of indent: Int, _ depth: Int) -> BlockYAML {
        guard rest.isEmpty else {
            if rest.first == "|" || rest.first == ">" {
                return .scalar(folded(rest.first == ">", above: indent))
            }
            return .scalar(scalar(rest, above: indent))
        }
        next += 1
        skipNothing()
        // A list may stand as far out as the key that it belongs to.
        if let line = current, line.indent == indent, isItem(line.text) { return list(at: indent, depth + 1) }
        return block(minimum: indent + 1, depth: depth + 1)
    }

    /// A scalar that begins with some text of the current line and may go on in lines further in.
    private mutating func scalar(_ start: Substring, above indent: Int) -> String {
        next += 1
        guard let quote = start.first, quote == "'" || quote == "\"" else {
            var text = String(start)
            while let line = current, line.indent > indent, !line.text.isEmpty {
                text += " " + line.text
                next += 1
            }
            return text
        }
        var text = ""
        var piece = start.dropFirst()
        while true {
            // Only in what has come: a text that nobody closes would be gone through once for each of its lines.
            if let end = Self.end(of: piece, quote) { return Self.unquoted(text + piece[..<end], quote) }
            text += piece
            guard let line = current else { return text }
            next += 1
            if quote == "\"", text.last == "\\" {
                text.removeLast()
            } else {
                text += line.text.isEmpty ? "\n" : text.last == "\n" ? "" : " "
            }
            piece = line.text
        }
    }

    /// A text in lines further in, as it stands or with its lines put together.
    private mutating func folded(_ isFolded: Bool, above indent: Int) -> String {
        next += 1
        var texts: [String] = []
        let inner = current?.indent ?? 0
        while let line = current, line.indent > indent || line.text.isEmpty {
            texts.append(String(repeating: " ", count: max(0, line.indent - inner)) + line.text)
            next += 1
        }
        return texts.joined(separator: isFolded ? " " : "\n")
    }

    /// A key and what follows it; nil for a line that is no member of a mapping.
    private static func split(_ text: Substring) -> (key: String, rest: Substring)? {
        if let quote = text.first, quote == "'" || quote == "\"" {
            let inner = text.dropFirst()
            guard let end = end(of: inner, quote) else { return nil }
            let after = inner[end...].dropFirst()
            guard after.first == ":" else { return nil }
            return (unquoted(inner[..<end], quote), after.dropFirst().drop { $0 == " " })
        }
        if text.hasSuffix(":"), !text.dropLast().contains(": ") { return (String(text.dropLast()), "") }
        guard let colon = text.firstRange(of: ": ") else { return nil }
        return (String(text[..<colon.lowerBound]), text[colon.upperBound...].drop { $0 == " " })
    }

    /// Where the quote that closes a text stands.
    private static func end(of text: Substring, _ quote: Character) -> String.Index? {
        var place = text.startIndex
        while place < text.endIndex {
            let after = text.index(after: place)
            if quote == "\"", text[place] == "\\" {
                place = after < text.endIndex ? text.index(after: after) : after
            } else if text[place] == quote {
                guard quote == "'", after < text.endIndex, text[after] == "'" else { return place }
                place = text.index(after: after)
            } else {
                place = after
            }
        }
        return nil
    }

    private static func unquoted(_ text: some StringProtocol, _ quote: Character) -> String {
        if quote == "'" { return String(text).replacing("''", with: "'") }
        return String(text).replacing("\\\"", with: "\"").replacing("\\n", with: "\n").replacing(
            "\\\\",
            with: "\\"
        )
    }
}
