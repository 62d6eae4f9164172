import Core
import Database

extension RegisteredModelStore {
    /// A model or a prompt, as far as somebody needs it who looks for one.
    package struct Found: Sendable, Hashable {
        package let name: String
        package let isPrompt: Bool
    }

    /// The models and prompts whose name contains a text, whatever the case of its letters a to z.
    ///
    /// - Parameters:
    ///   - text: What the name contains; empty for any.
    ///   - limit: How many at the most.
    /// - Returns: The last changed first.
    /// - Throws: `DatabaseError` where the database fails.
    package func find(containing text: String, limit: Int) async throws -> [Found] {
        guard !text.utf8.contains(0) else { return [] }
        let pattern = LikePattern(containing: LikePattern.smallLetters(of: text)).text
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT m.name, EXISTS (
                    SELECT 1 FROM registered_model_tags t
                    WHERE t.model_key = m.model_key AND t.key = 'mlflow.prompt.is_prompt' AND t.value = 'true'
                )
                FROM registered_models m
                WHERE m.workspace_id = \(caller.workspace.key) \(caller.reaches("m.name")) AND lower(m.name) LIKE \(pattern) ESCAPE '!'
                ORDER BY m.last_updated_time DESC, m.model_key
                LIMIT \(limit)
                """
            ) { Found(name: $0.text(0), isPrompt: $0.bool(1)) }
        }
    }
}
