/// What differs within two lines, word by word.
struct WordDiff: Sendable, Hashable {
    struct Piece: Sendable, Hashable {
        var text: String
        let isChanged: Bool
    }

    let old: [Piece]
    let new: [Piece]

    /// Longer lines, and those of too many words, are not looked into.
    private static let longestBytes = 2_000
    private static let mostSteps = 60_000

    /// Nil where the lines have so little in common that marks would say nothing.
    init?(_ old: String, _ new: String) {
        guard old.utf8.count <= Self.longestBytes, new.utf8.count <= Self.longestBytes else { return nil }
        let (oldWords, newWords) = (Self.words(of: old), Self.words(of: new))
        let start = zip(oldWords, newWords).prefix { $0 == $1 }.count
        let rest = min(oldWords.count, newWords.count) - start
        let end = zip(oldWords.reversed(), newWords.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let oldMiddle = oldWords[start..<oldWords.count - end]
        let newMiddle = newWords[start..<newWords.count - end]
        let (oldKept, newKept) = Self.common(Array(oldMiddle), Array(newMiddle))
        self.old = Self.pieces(oldWords, start, oldKept)
        self.new = Self.pieces(newWords, start, newKept)
        guard Self.isTelling(self.old), Self.isTelling(self.new) else { return nil }
    }

    /// Words, runs of spaces, and other characters one by one.
    private static func words(of line: String) -> [Substring] {
        var words: [Substring] = []
        var rest = line[...]
        while let first = rest.first {
            let word =
                first.isWordly
                ? rest.prefix(while: \.isWordly)
                : first.isWhitespace ? rest.prefix(while: \.isWhitespace) : rest.prefix(1)
            words.append(word)
            rest = rest[word.endIndex...]
        }
        return words
    }

    /// Which words of both are in their longest common sequence; none where that would take too long to find.
    private static func common(_ old: [Substring], _ new: [Substring]) -> (old: [Bool], new: [Bool]) {
        var kept = (
            old: [Bool](repeating: false, count: old.count), new: [Bool](repeating: false, count: new.count)
        )
        guard !old.isEmpty, !new.isEmpty, old.count * new.count <= mostSteps else { return kept }
        let width = new.count + 1
        var lengths = [Int32](repeating: 0, count: (old.count + 1) * width)
        for i in stride(from: old.count - 1, through: 0, by: -1) {
            for j in stride(from: new.count - 1, through: 0, by: -1) {
                lengths[i * width + j] =
                    old[i] == new[j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var (i, j) = (0, 0)
        while i < old.count, j < new.count {
            if old[i] == new[j] {
                (kept.old[i], kept.new[j]) = (true, true)
                (i, j) = (i + 1, j + 1)
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return kept
    }

    private static func pieces(_ words: [Substring], _ start: Int, _ kept: [Bool]) -> [Piece] {
        words.enumerated().reduce(into: []) { pieces, word in
            let place = word.offset - start
            let isChanged = kept.indices.contains(place) && !kept[place]
            if pieces.last?.isChanged == isChanged {
                pieces[pieces.count - 1].text += word.element
            } else {
                pieces.append(Piece(text: String(word.element), isChanged: isChanged))
            }
        }
    }

    private static func isTelling(_ pieces: [Piece]) -> Bool {
        let total = pieces.reduce(0) { $0 + $1.text.utf8.count }
        let changed = pieces.reduce(0) { $0 + ($1.isChanged ? $1.text.utf8.count : 0) }
        return total == 0 || changed * 10 <= total * 7
    }
}

extension Character {
    fileprivate var isWordly: Bool { isLetter || isNumber || self == "_" }
}

extension [WordDiff.Piece] {
    var html: HTML {
        map { $0.isChanged ? "<mark>\($0.text)</mark>" as HTML : HTML($0.text) }.joined()
    }
}
