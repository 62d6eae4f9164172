package import Core

/// Of which branches a hook is told: a pattern as Gitea has them, in which nothing stands for all.
///
/// `*` and `**` stand for anything, also with slashes, `?` for one character, `[a-z]` and `[!a-z]` for one of some or of all
/// others, `{main,release/*}` for any of several patterns; a backslash takes the meaning from what follows it. Tags, and what
/// is no push, are told whatever it says.
///
/// - Source: Gitea 1.22, `services/webhook/webhook.go`, `checkBranch`; gobwas/glob, without separators.
package struct BranchFilter: Sendable, Hashable {
    package static let limitBytes = 255

    package let text: String
    private let steps: [Step]

    /// What is told where nothing is said.
    package static let all = BranchFilter("", steps: [])

    /// - Throws: `Failure.invalid` for what is no pattern.
    package init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.limitBytes else {
            throw .invalid("A branch filter has at most \(Self.limitBytes) bytes.")
        }
        var reader = PatternReader(text)
        self.init(text, steps: try reader.steps())
    }

    private init(_ text: String, steps: [Step]) {
        (self.text, self.steps) = (text, steps)
    }

    /// Whether a branch is told of.
    package func matches(_ branch: String) -> Bool {
        guard !text.isEmpty else { return true }
        // All places of the pattern at once, so that no text takes longer than its length times that of the pattern.
        var places = Places(steps)
        places.enter(0)
        for scalar in branch.unicodeScalars {
            places.advance(over: scalar)
            if places.isEmpty { return false }
        }
        return places.isAtEnd
    }

    /// One step of a pattern as a machine that is in many places.
    fileprivate enum Step: Sendable, Hashable {
        case any
        case one(of: [ClosedRange<UInt32>], isNegated: Bool)
        /// It goes on at each of these.
        case fork([Int])

        func takes(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .any: true
            case .one(let ranges, let isNegated):
                ranges.contains { $0.contains(scalar.value) } != isNegated
            case .fork: false
            }
        }
    }

    /// Where a machine is.
    private struct Places {
        private let steps: [Step]
        private var current: [Int] = []
        private var isEntered: [Bool]

        init(_ steps: [Step]) {
            self.steps = steps
            isEntered = Array(repeating: false, count: steps.count + 1)
        }

        var isEmpty: Bool { current.isEmpty }
        var isAtEnd: Bool { isEntered[steps.count] }

        mutating func enter(_ first: Int) {
            var waiting = [first]
            while let place = waiting.popLast() {
                guard !isEntered[place] else { continue }
                isEntered[place] = true
                if place < steps.count, case .fork(let places) = steps[place] {
                    waiting += places
                } else {
                    current.append(place)
                }
            }
        }

        mutating func advance(over scalar: Unicode.Scalar) {
            let before = current
            current = []
            for index in isEntered.indices { isEntered[index] = false }
            for place in before where place < steps.count && steps[place].takes(scalar) { enter(place + 1) }
        }
    }
}

/// Reads a pattern.
private struct PatternReader {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var made: [BranchFilter.Step] = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func steps() throws(Failure) -> [BranchFilter.Step] {
        while index < scalars.count { try readPart() }
        return made
    }

    private mutating func readPart() throws(Failure) {
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case "*":
            // Again and again, or on.
            made.append(.fork([made.count + 1, made.count + 3]))
            made.append(.any)
            made.append(.fork([made.count - 2]))
        case "?": made.append(.any)
        case "[": try readClass()
        case "{": try readChoice()
        case "\\":
            guard index < scalars.count else { throw wrong("ends in a backslash") }
            append(scalars[index])
            index += 1
        default: append(scalar)
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        made.append(.one(of: [scalar.value...scalar.value], isNegated: false))
    }

    private mutating func readClass() throws(Failure) {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = index < scalars.count && scalars[index] == "!"
        if isNegated { index += 1 }
        while true {
            guard index < scalars.count else { throw wrong("has a bracket that is not closed") }
            if scalars[index] == "]" { break }
            let first = try classScalar()
            guard index + 1 < scalars.count, scalars[index] == "-", scalars[index + 1] != "]" else {
                ranges.append(first.value...first.value)
                continue
            }
            index += 1
            let last = try classScalar()
            guard first.value <= last.value else { throw wrong("has a range that ends before it begins") }
            ranges.append(first.value...last.value)
        }
        index += 1
        guard !ranges.isEmpty else { throw wrong("has brackets with nothing in them") }
        made.append(.one(of: ranges, isNegated: isNegated))
    }

    private mutating func classScalar() throws(Failure) -> Unicode.Scalar {
        if scalars[index] == "\\" { index += 1 }
        guard index < scalars.count else { throw wrong("has a bracket that is not closed") }
        defer { index += 1 }
        return scalars[index]
    }

    private mutating func readChoice() throws(Failure) {
        let fork = made.count
        made.append(.fork([]))
        var (starts, ends): ([Int], [Int]) = ([made.count], [])
        while true {
            guard index < scalars.count else { throw wrong("has a brace that is not closed") }
            let isEnd = scalars[index] == "}"
            guard isEnd || scalars[index] == "," else {
                try readPart()
                continue
            }
            index += 1
            ends.append(made.count)
            made.append(.fork([]))
            if isEnd { break }
            starts.append(made.count)
        }
        made[fork] = .fork(starts)
        for end in ends { made[end] = .fork([made.count]) }
    }

    private func wrong(_ words: String) -> Failure {
        .invalid("The branch filter '\(String(String.UnicodeScalarView(scalars)))' \(words).")
    }
}
