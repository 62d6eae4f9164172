/// A text in which `*` stands for anything.
package struct TextPattern: Sendable {
    private let parts: [Substring]

    package init(_ pattern: String) {
        parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    }

    package func matches(_ text: some StringProtocol) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else {
            return parts.first.map { $0 == text } ?? text.isEmpty
        }
        guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else {
            return false
        }
        var rest = Substring(text).dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let end = rest.end(of: part) else { return false }
            rest = rest[end...]
        }
        return true
    }
}

extension Substring {
    fileprivate func end(of part: Substring) -> Index? {
        var start = startIndex
        while start <= endIndex {
            if self[start...].hasPrefix(part) { return index(start, offsetBy: part.count) }
            guard start < endIndex else { return nil }
            formIndex(after: &start)
        }
        return nil
    }
}
