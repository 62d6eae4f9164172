/// A param or a tag as it is compared: its beginning, and whether it is the same as another to its end.
struct ComparedText: Hashable {
    /// The beginning, with dots where it goes on.
    let text: String
    /// Whether it goes on behind the beginning.
    let isCut: Bool
    /// How long it is, in bytes of UTF-8.
    let sizeBytes: Int
    private let hash: Int

    /// What is longer is not kept: hundreds of runs may have hundreds of values of thousands of letters each.
    static let mostLetters = 300

    init(_ whole: String) {
        text = whole.shortened(to: Self.mostLetters)
        isCut = text != whole
        sizeBytes = whole.utf8.count
        hash = whole.hashValue
    }
}
