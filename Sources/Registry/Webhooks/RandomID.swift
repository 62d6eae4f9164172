import FoundationEssentials

enum RandomID {
    /// A random UUID (version 4) in small letters.
    static func uuid() -> String { UUID().uuidString.lowercased() }
}
