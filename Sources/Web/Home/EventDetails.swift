import Core
import Events

/// What else an event says.
struct EventDetails {
    private let json: JSON

    init(_ event: Event) { json = (try? JSON(parsing: event.details)) ?? .null }

    func text(_ key: String) -> String? {
        if case .string(let text)? = json[key] { text } else { nil }
    }

    func integer(_ key: String) -> Int64? {
        if case .integer(let integer)? = json[key] { integer } else { nil }
    }
}
