import FoundationEssentials

enum Environment {
    /// The variables that the process was started with.
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}
