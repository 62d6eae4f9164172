/// What was wrong in a JSON text and where.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// Bytes from the beginning of the text.
    package let position: Int

    /// Whether it may be well-formed, but is more than is read.
    package let isTooMuch: Bool

    package init(message: String, position: Int, isTooMuch: Bool = false) {
        self.message = message
        self.position = position
        self.isTooMuch = isTooMuch
    }

    package var description: String { "Invalid JSON: \(message) at byte \(position)" }
}
