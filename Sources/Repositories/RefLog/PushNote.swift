import Core

/// What a push that is under way wishes, as it is noted: an array of `[name, id]`, the id empty for a ref that is to go.
enum PushNote {
    static func text(_ changes: [RefChange]) -> String {
        JSON.array(changes.map { .array([.string($0.name), .string($0.after ?? "")]) }).text
    }

    /// The wishes by name; those of another version of the program are none.
    static func wishes(_ text: String) throws(JSONError) -> [String: String] {
        guard case .array(let elements) = try JSON(parsing: text) else { return [:] }
        var wishes: [String: String] = [:]
        for case .array(let pair) in elements {
            guard pair.count == 2, case .string(let name) = pair[0], case .string(let id) = pair[1] else {
                continue
            }
            wishes[name] = id
        }
        return wishes
    }
}
