internal import Foundation

extension String {
    /// The text with each accent in one character with its letter (Unicode NFC), by which it can be written in one way.
    package var composed: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }
}
