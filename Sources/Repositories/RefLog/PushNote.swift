import Core

/// What a push that is under way wishes, as it is noted: an array of `[name, id, id before]`, where an empty id is no ref.
enum PushNote {
    /// What is wished of one ref; an empty id is no ref.
    struct Wish: Sendable {
        let after: String
        /// Nil in the notes of versions that did not tell it.
        let before: String?
    }

    static func text(_ changes: [RefChange]) -> String {
        let wishes = changes.map { change in
            JSON.array([.string(change.name), .string(change.after ?? ""), .string(change.before ?? "")])
        }
        return JSON.array(wishes).text
    }

    /// The wishes by name; those of another version of the program are none.
    ///
    /// They are as many as a push may have refs, which is more than strangers may send.
    static func wishes(_ text: String) throws(JSONError) -> [String: Wish] {
        guard case .array(let elements) = try JSON(parsing: text, valueLimit: .max) else { return [:] }
        var wishes: [String: Wish] = [:]
        for case .array(let words) in elements {
            guard (2...3).contains(words.count), case .string(let name) = words[0],
                case .string(let after) = words[1]
            else { continue }
            var before: String?
            if words.count == 3, case .string(let id) = words[2] { before = id }
            wishes[name] = Wish(after: after, before: before)
        }
        return wishes
    }
}
