/// What was wrong in a JSON text and where.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// Bytes from the beginning of the text.
    package let position: Int

    package init(message: String, position: Int) {
        self.message = message
        self.position = position
    }

    package var description: String { "Invalid JSON: \(message) at byte \(position)" }
}
