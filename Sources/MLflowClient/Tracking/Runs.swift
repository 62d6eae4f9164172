extension MLflowClient {
    /// Runs of some experiments in the server's order, newest first.
    ///
    /// - Parameters:
    ///   - experiments: The ids of the experiments.
    ///   - filter: MLflow's search language, such as `metrics.acc > 0.9`; nil for all.
    ///   - view: Active ones, deleted ones, or both.
    ///   - pageSize: How many are asked for at a time.
    /// - Returns: The runs, page after page.
    public func runs(
        of experiments: [String],
        filter: String? = nil,
        view: ViewType = .activeOnly,
        pageSize: Int = 200
    ) -> Paged<Run> {
        Paged { token in
            let answer: SearchAnswer = try await post(
                "/api/2.0/mlflow/runs/search",
                Search(
                    experiment_ids: experiments,
                    filter: filter,
                    run_view_type: view,
                    max_results: pageSize,
                    page_token: token
                )
            )
            return .init(elements: answer.runs, nextPageToken: answer.nextPageToken)
        }
    }

    /// The run with this id, active or deleted, with everything that was logged of it.
    ///
    /// - Parameter id: The run's id.
    /// - Returns: The run.
    /// - Throws: ``MLflowError``, of which ``MLflowError/isMissing`` is true where there is none.
    public func run(_ id: String) async throws -> Run {
        let answer: GetAnswer = try await get("/api/2.0/mlflow/runs/get", [("run_id", id)])
        return answer.run
    }

    private struct Search: Encodable {
        let experiment_ids: [String]
        let filter: String?
        let run_view_type: ViewType
        let max_results: Int
        let page_token: String?
    }

    private struct SearchAnswer: Decodable {
        let runs: [Run]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case runs
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            runs = try container.list(.runs)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }

    private struct GetAnswer: Decodable {
        let run: Run
    }
}
