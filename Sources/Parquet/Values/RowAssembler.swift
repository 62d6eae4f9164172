/// Puts values into rows by their levels.
///
/// - Source: `README.md`, "Nested Encoding". What is repeated is shown as one list, however deep.
struct RowAssembler: Sendable {
    private static let mostElements = 20

    let leaf: Leaf
    let limit: Int
    private(set) var rows: [String?] = []
    private var elements: [String] = []
    private var elementCount = 0
    private var isOpen = false

    init(leaf: Leaf, limit: Int) {
        self.leaf = leaf
        self.limit = limit
    }

    /// Whether a row more would be too many.
    var isFull: Bool { rows.count + (isOpen ? 1 : 0) >= limit }

    /// Takes a value; nil for one that is not there.
    mutating func take(repetition: Int, definition: Int, _ value: String?) {
        guard leaf.repetitionLevels > 0 else {
            rows.append(value)
            return
        }
        if repetition == 0 {
            close()
            guard definition >= leaf.listLevel else {
                rows.append(definition == leaf.listLevel - 1 ? "[]" : nil)
                return
            }
            isOpen = true
        }
        elementCount += 1
        if elements.count < Self.mostElements { elements.append(value ?? "null") }
    }

    /// Ends the list that is open.
    mutating func close() {
        guard isOpen else { return }
        let rest = elementCount > elements.count ? ", … (\(elementCount))" : ""
        rows.append("[" + elements.joined(separator: ", ") + rest + "]")
        (elements, elementCount, isOpen) = ([], 0, false)
    }
}
