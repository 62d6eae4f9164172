import Core
import Repositories

/// A text file that a browser can edit, which knows no ends of lines but its own.
struct EditableText: Sendable {
    let text: String
    private let lines: [Line]
    /// Whether most of its lines end with CR LF.
    let endsLinesByReturn: Bool

    /// - Parameters:
    ///   - bytes: The file.
    ///   - path: Where it lies.
    /// - Throws: `Failure.invalid` for what is no text, and for a text that a browser would give back as another.
    init(_ bytes: [UInt8], of path: TreePath) throws(Failure) {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalid("'\(path)' is no text that can be edited here: it must be in UTF-8.")
        }
        guard !Self.hasLoneReturn(bytes) else {
            throw .invalid(
                "'\(path)' has a CR with no LF behind it, which a browser would make the end of a line: edit it in a clone."
            )
        }
        self.text = text
        lines = Self.lines(of: bytes)
        endsLinesByReturn = Self.mostEndByReturn(lines)
    }

    /// What was typed, as it is to be kept.
    ///
    /// Lines before the first change and behind the last one keep their ends, and all others end as most lines of the file do.
    ///
    /// - Parameter typed: The text as a browser sends it.
    /// - Returns: Its bytes.
    func bytes(of typed: [UInt8]) -> [UInt8] {
        let new = Self.lines(of: typed)
        let before = zip(lines, new).prefix { $0.text == $1.text }.count
        let rest = min(lines.count, new.count) - before
        let behind = zip(lines.reversed(), new.reversed()).prefix(rest).prefix { $0.text == $1.text }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(typed.count)
        for (place, line) in new.enumerated() {
            var end = line.end
            if end != .none {
                let old: Line? =
                    if place < before {
                        lines[place]
                    } else if place >= new.count - behind {
                        lines[lines.count - new.count + place]
                    } else {
                        nil
                    }
                end = endsLinesByReturn ? .returned : .plain
                // The last line of the file may have had no end.
                if let old, old.end != .none { end = old.end }
            }
            bytes += line.text
            bytes += end.bytes
        }
        return bytes
    }

    private enum End {
        case none, plain, returned

        var bytes: [UInt8] {
            switch self {
            case .none: []
            case .plain: Array("\n".utf8)
            case .returned: Array("\r\n".utf8)
            }
        }
    }

    private struct Line {
        let text: ArraySlice<UInt8>
        let end: End
    }

    private static func lines(of bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<newline]
            let isReturned = line.last == UInt8(ascii: "\r")
            lines.append(
                Line(text: isReturned ? line.dropLast() : line, end: isReturned ? .returned : .plain)
            )
            rest = rest[(newline + 1)...]
        }
        if !rest.isEmpty { lines.append(Line(text: rest, end: .none)) }
        return lines
    }

    private static func mostEndByReturn(_ lines: [Line]) -> Bool {
        lines.count { $0.end == .returned } > lines.count { $0.end == .plain }
    }

    private static func hasLoneReturn(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { place in
            bytes[place] == UInt8(ascii: "\r")
                && (place + 1 == bytes.count || bytes[place + 1] != UInt8(ascii: "\n"))
        }
    }
}
