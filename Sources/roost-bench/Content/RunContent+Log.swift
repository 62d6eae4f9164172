import FoundationEssentials

extension RunContent {
    /// Creates the run over the tracking API, with all its content: two requests.
    func log(to experimentID: String, on connection: Connection) throws -> Int {
        let tags = tags.map { "{\"key\": \"\($0.key)\", \"value\": \"\($0.value)\"}" }.joined(separator: ", ")
        let create = HTTPRequest.post(
            "/api/2.0/mlflow/runs/create",
            """
            {"experiment_id": "\(experimentID)", "user_id": "ann", "run_name": "\(name)", \
            "start_time": \(startMs), "tags": [\(tags)]}
            """
        )
        let created = try send(create, on: connection)
        let run = try CreatedRun(created).run.info.runID
        return try send(batch(to: run), on: connection).bodyBytes
    }

    /// The metrics and params as one batch.
    func batch(to run: String) -> Pattern {
        let metrics = metrics.map {
            "{\"key\": \"\($0.key)\", \"value\": \($0.value), \"timestamp\": \(startMs), \"step\": 0}"
        }
        let params = params.map { "{\"key\": \"\($0.key)\", \"value\": \"\($0.value)\"}" }
        return HTTPRequest.post(
            "/api/2.0/mlflow/runs/log-batch",
            """
            {"run_id": "\(run)", "metrics": [\(metrics.joined(separator: ", "))], \
            "params": [\(params.joined(separator: ", "))], "tags": []}
            """
        )
    }

    private func send(_ request: Pattern, on connection: Connection) throws -> Answer {
        try Array(request.bytes).withUnsafeBytes { try connection.exchange($0, keepsBody: true) }.accepted()
    }
}

/// The answer to `runs/create`, of which only the id matters.
struct CreatedRun: Decodable {
    struct Run: Decodable { let info: Info }

    struct Info: Decodable {
        let runID: String

        enum CodingKeys: String, CodingKey { case runID = "run_id" }
    }

    let run: Run

    init(_ answer: Answer) throws {
        self = try JSONDecoder().decode(CreatedRun.self, from: Data(answer.body))
    }
}
