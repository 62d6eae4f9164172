import Core
import Database

extension RunStore {
    /// Appends a model to the history that a tag of the run keeps; how clients before MLflow 3 log models.
    ///
    /// - Parameters:
    ///   - record: The model, checked.
    ///   - id: The run's id.
    /// - Throws: `Failure.missing`, `.invalid` for a deleted run, `.invalidState` where the tag holds something else.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.record_logged_model`.
    package func record(_ record: ModelRecord, of id: String) async throws {
        try await database.write { connection in
            let run = try activeRow(of: id, in: connection)
            // The history grows; whether it is too long for an index is known when it is too late to lock in order.
            var values = try run.values(hasLongValues: true, in: connection)
            let tagID = try names.intern([ModelRecord.tagKey], in: connection)[0]
            let stored = try connection.first(
                "SELECT value FROM tags WHERE run_key = \(run.key) AND name_id = \(tagID)"
            ) { $0.text(0) }
            let history = try stored.map(self.records) ?? []
            let longer = PythonText.json(.array(history + [record.json]))
            try values.write([(tagID, longer)], of: .tag, .replace, in: connection)
        }
    }

    private func records(in value: String) throws(Failure) -> [JSON] {
        do throws(JSONError) {
            if case .array(let records) = try JSON(parsing: value) { return records }
        } catch {
            throw Failure(.invalidState, "The tag \(ModelRecord.tagKey) is no JSON.", cause: error)
        }
        throw Failure(.invalidState, "The tag \(ModelRecord.tagKey) is no list.")
    }
}
