/// What differs within two lines, word by word.
struct WordDiff: Sendable, Hashable {
    struct Piece: Sendable, Hashable {
        var text: String
        let isChanged: Bool
    }

    let old: [Piece]
    let new: [Piece]

    /// Longer lines are not looked into.
    private static let longestBytes = 2_000

    /// Nil where the lines have so little in common that marks would say nothing, and where the budget is spent.
    init?(_ old: String, _ new: String, within budget: DiffBudget) {
        guard !budget.isSpent, old.utf8.count <= Self.longestBytes, new.utf8.count <= Self.longestBytes else {
            return nil
        }
        let (oldWords, newWords) = (Self.words(of: old), Self.words(of: new))
        let pairs = Alignment.pairs(oldWords, newWords, within: budget)
        self.old = Self.pieces(oldWords, kept: pairs.map(\.old))
        self.new = Self.pieces(newWords, kept: pairs.map(\.new))
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

    private static func pieces(_ words: [Substring], kept: [Int]) -> [Piece] {
        let kept = Set(kept)
        return words.enumerated().reduce(into: []) { pieces, word in
            let isChanged = !kept.contains(word.offset)
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
