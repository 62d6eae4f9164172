/// Which part of a list is asked for: pages are counted from 1.
package struct PageRequest: Sendable, Hashable {
    package static let standardLimit = 30
    package static let mostLimit = 100
    /// Security: the database walks through everything before a page, so that there is a last one.
    package static let lastNumber = 10_000

    package let number: Int
    package let limit: Int

    /// - Throws: `Failure.invalid` for a page or a limit that there is not.
    package init(number: Int = 1, limit: Int = standardLimit) throws(Failure) {
        guard (1...Self.lastNumber).contains(number) else {
            throw .invalid("'page' is a number from 1 to \(Self.lastNumber), not \(number).")
        }
        guard (1...Self.mostLimit).contains(limit) else {
            throw .invalid("'limit' is a number from 1 to \(Self.mostLimit), not \(limit).")
        }
        self.number = number
        self.limit = limit
    }

    /// How many come before it.
    package var offset: Int { (number - 1) * limit }
}

/// A page of a list, and how long the whole list is.
package struct ListPage<Element: Sendable>: Sendable {
    package let elements: [Element]
    package let total: Int

    package init(_ elements: [Element], total: Int) {
        self.elements = elements
        self.total = total
    }
}
