package import Core
import Database
import Events

/// A word by which repositories are found.
package struct Topic: Sendable, Hashable {
    package static let limit = 50
    /// How many a repository may have.
    package static let mostOfRepository = 25

    package let text: String

    /// - Throws: `Failure.invalid` that says what a topic may be.
    package init(_ text: String) throws(Failure) {
        let small = text.lowercased()
        let isSound = small.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.".utf8.contains(byte)
        }
        guard isSound, let first = small.utf8.first, !"-_.".utf8.contains(first),
            small.utf8.count <= Self.limit
        else {
            throw .invalid(
                "'\(NameGrammar.shown(text))' cannot be a topic: it must have 1 to \(Self.limit) letters, digits, '-', '_' or "
                    + "'.', and begin with a letter or a digit."
            )
        }
        self.text = small
    }
}

extension RepositoryStore {
    /// Gives a repository these topics and no others.
    ///
    /// - Parameters:
    ///   - topics: The topics.
    ///   - workspace: The repository.
    /// - Throws: `Refusal` where somebody may not; `Failure.invalid` for too many.
    package func set(_ topics: [Topic], of workspace: WorkspaceID) async throws {
        let texts = Set(topics.map(\.text)).sorted()
        try await changeTopics(of: workspace) { _ in texts }
    }

    /// Gives a repository one topic more.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - workspace: The repository.
    /// - Throws: `Refusal` where somebody may not; `Failure.invalid` for too many.
    package func add(_ topic: Topic, to workspace: WorkspaceID) async throws {
        try await changeTopics(of: workspace) { Set($0 + [topic.text]).sorted() }
    }

    /// Takes a topic away.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - workspace: The repository.
    /// - Throws: `Refusal` where somebody may not; `Failure.missing` where it has it not.
    package func remove(_ topic: Topic, from workspace: WorkspaceID) async throws {
        try await changeTopics(of: workspace) { topics in
            guard topics.contains(topic.text) else {
                throw Failure.missing("The repository has no topic '\(topic.text)'.")
            }
            return topics.filter { $0 != topic.text }
        }
    }

    /// The topics of the repositories that who asks may read, with the number of these.
    ///
    /// - Parameters:
    ///   - text: What a topic contains; empty for all.
    ///   - page: Which part of the list.
    /// - Returns: The most frequent first.
    /// - Throws: `DatabaseError` where the database fails.
    package func topics(
        containing text: String,
        _ page: PageRequest
    ) async throws -> ListPage<(topic: String, count: Int)> {
        let pattern = LikePattern(containing: text.lowercased()).text
        let found: SQL =
            """
            FROM repository_topics t
            JOIN repositories r ON r.workspace_id = t.workspace_id
            WHERE t.topic LIKE \(pattern) ESCAPE '!' AND r.deleted_ms IS NULL AND (\(Rules.isReadable(by: identity)))
            """
        return try await database.read { connection in
            let topics = try connection.rows(
                """
                SELECT t.topic, COUNT(*)
                \(found)
                GROUP BY t.topic
                ORDER BY COUNT(*) DESC, t.topic
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { (topic: $0.text(0), count: Int($0.int(1))) }
            let total = try connection.first("SELECT COUNT(DISTINCT t.topic) \(found)") { Int($0.int(0)) }
            return ListPage(topics, total: total ?? 0)
        }
    }

    private func changeTopics(
        of workspace: WorkspaceID,
        _ change: @escaping @Sendable ([String]) throws -> [String]
    ) async throws {
        try await database.write { connection in
            let place = try self.place(workspace, needing: .admin, in: connection)
            try connection.lock("topics/\(workspace.key)")
            let old = try connection.rows(
                "SELECT topic FROM repository_topics WHERE workspace_id = \(workspace.key) ORDER BY topic"
            ) { $0.text(0) }
            let new = try change(old)
            guard new.count <= Topic.mostOfRepository else {
                throw Failure.invalid("A repository has at most \(Topic.mostOfRepository) topics.")
            }
            guard new != old else { return }
            try connection.execute("DELETE FROM repository_topics WHERE workspace_id = \(workspace.key)")
            let values = new.flatMap { [Value.integer(workspace.key), .text($0)] }
            try connection.insert(into: "repository_topics", ["workspace_id", "topic"], values: values)
            try note(
                .repositoryEdited,
                place,
                ["topics": .array(new.map(JSON.string))],
                connection
            )
        }
    }
}
