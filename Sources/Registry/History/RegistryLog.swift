import Core
import Database
import Events

/// What an event of the registry happened to.
///
/// Everything of a model lies below it, so that its history is one range of the log's index.
enum RegistrySubject {
    case model(String)
    case version(String, Int64)
    case alias(String, String)
    case request(String, Int64)

    var text: String {
        switch self {
        case .model(let name): "registered_model/\(name)"
        case .version(let name, let number): "registered_model/\(name)/\(number)"
        case .alias(let name, let alias): "registered_model/\(name)/@\(alias)"
        case .request(let name, let id): "registered_model/\(name)/requests/\(id)"
        }
    }
}

/// Writes what happens in the registry, in the transaction that does it.
struct RegistryLog {
    let caller: Caller
    let connection: any Connection
    /// Why it all happens, where nothing else is said.
    var reason: String?

    private static let commentLimit = 5_000

    /// - Parameters:
    ///   - kind: What happened.
    ///   - subject: To which thing.
    ///   - details: What changed, from what to what; nil values are left out.
    ///   - comment: Why, in the words of the person who did it.
    /// - Throws: `Failure.invalid` for a comment of more than 5,000 characters.
    func append(
        _ kind: Event.Kind,
        to subject: RegistrySubject,
        _ details: KeyValuePairs<String, JSON?> = [:],
        comment: String? = nil
    ) throws {
        var members = details.compactMap { key, value in value.map { JSON.Member(key: key, value: $0) } }
        if let comment = comment ?? reason, !comment.isEmpty {
            try RegistryText.check(comment, of: "comment", limit: Self.commentLimit)
            members.append(JSON.Member(key: "comment", value: .string(comment)))
        }
        try EventLog.append(
            kind,
            to: subject.text,
            details: JSON.object(members).text,
            earliestMs: try earliestMs(of: subject),
            by: caller,
            in: connection
        )
    }

    /// An alias is asked where it pointed at a time, so its time never runs back: a transaction that waited for another is
    /// older than that, and the clocks of two servers differ.
    private func earliestMs(of subject: RegistrySubject) throws -> Int64 {
        guard case .alias = subject else { return 0 }
        return try EventLog.newest(EventSearch(.only(subject.text)), for: caller, limit: 1, in: connection)
            .first?.atMs ?? 0
    }

    /// Writes that a model has another name, under both: first the new one, whose history goes on under the old one before.
    func renamed(_ name: ModelName, to newName: ModelName) throws {
        for subject in name == newName ? [newName] : [newName, name] {
            try append(
                .registeredModelRenamed,
                to: .model(subject.text),
                ["from": .string(name.text), "to": .string(newName.text)]
            )
        }
    }
}

extension JSON {
    /// Tags as an object; nil for none.
    init?(_ tags: [Tag]) {
        guard !tags.isEmpty else { return nil }
        self = .object(tags.map { Member(key: $0.key, value: .string($0.value)) })
    }
}
