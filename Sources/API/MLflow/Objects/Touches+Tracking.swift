import Core
import HTTP
import HTTPTypes
import Hummingbird
import Tracking

/// What rows about experiments, runs and logged models touch: always an experiment in the end, as in the original.
///
/// The checks read a request as its handler does, and by the same functions.
///
/// - Source: MLflow 3.17, `BEFORE_REQUEST_HANDLERS` in `mlflow/server/auth/__init__.py`.
extension Touches {
    /// The experiment of the field `experiment_id`.
    static func experiment(_ action: ObjectAction, _ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            let id = try await ExperimentID.parse(call.message().requiredString("experiment_id"))
            try await tracking.experiments(for: call.caller).require(action, on: id)
        }
    }

    /// The experiment of a run, named as `run_id` or, by old clients, `run_uuid`.
    static func run(_ action: ObjectAction, _ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            try await tracking.runs(for: call.caller).require(action, on: call.message().requiredRunID())
        }
    }

    /// The experiment of the run, and those of the logged models that are named beside it.
    ///
    /// Security: a point of one's own run would else be written to somebody else's model.
    ///
    /// - Parameters:
    ///   - tracking: Where they are.
    ///   - models: The logged models that a request names.
    /// - Returns: The check.
    static func runAndModels(
        _ tracking: Tracking,
        _ models: @escaping @Sendable (Message) throws -> [String]
    ) -> Touches {
        .objects(readsBody: true) { call in
            let message = try await call.message()
            try await tracking.runs(for: call.caller).require(.update, on: message.requiredRunID())
            try await tracking.require(.update, onModels: models(message), for: call.caller)
        }
    }

    /// As `runAndModels`, of a batch, which is decoded by hand.
    static func batch(_ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            let message = try LogBatchMessage(try await call.jsonBody())
            try await tracking.runs(for: call.caller).require(.update, on: message.runID)
            try await tracking.require(.update, onModels: message.modelIDs, for: call.caller)
        }
    }

    /// The experiment of the field `experiment_id`, and that of the run that it says that a model came from.
    static func experimentAndSource(_ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            let message = try await call.message()
            let id = try ExperimentID.parse(message.requiredString("experiment_id"))
            try await tracking.experiments(for: call.caller).require(.update, on: id)
            guard let run = try message.nonEmptyString("source_run_id") else { return }
            try await tracking.runs(for: call.caller).require(.read, on: run)
        }
    }

    /// The experiment of the logged model of the address.
    static func loggedModel(_ action: ObjectAction, _ tracking: Tracking) -> Touches {
        .objects(readsBody: true) { call in
            let ids = [call.parameter("model_id"), try await call.namedModel()].compactMap { $0 }
            try await tracking.require(action, onModels: ids, for: call.caller)
        }
    }
}

extension Tracking {
    func require(_ action: ObjectAction, onModels ids: [String], for caller: Caller) async throws {
        for id in Set(ids.map(ExactText.init)) {
            try await loggedModels(for: caller).require(action, on: id.text)
        }
    }
}

extension Call {
    /// The logged model of the body, which some handlers read in place of that of the address.
    fileprivate func namedModel() async throws -> String? {
        guard [.patch, .post].contains(request.method) else { return nil }
        return try await message().nonEmptyString("model_id")
    }
}
