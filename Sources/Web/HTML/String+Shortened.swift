extension String {
    /// The text, or its beginning and dots where it has more letters than `most`.
    func shortened(to most: Int) -> String {
        // A letter has a byte at least.
        guard utf8.count > most, let end = index(startIndex, offsetBy: most, limitedBy: endIndex),
            end < endIndex
        else { return self }
        return self[..<end] + "…"
    }
}
