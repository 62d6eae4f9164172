/// The requests that are measured, in the form of MLflow's Python client.
enum Requests {
    static let api = "/api/2.0/mlflow"

    static func createExperiment(named name: String) -> Pattern {
        HTTPRequest.post("\(api)/experiments/create", "{\"name\": \"\(name)\"}")
    }

    static func createRun(in experimentID: String) -> Pattern {
        HTTPRequest.post(
            "\(api)/runs/create",
            """
            {"experiment_id": "\(experimentID)", "user_id": "ann", "run_name": "bold-finch-7", \
            "start_time": 1700000000000, "tags": [{"key": "mlflow.user", "value": "ann"}, \
            {"key": "mlflow.source.name", "value": "train.py"}, \
            {"key": "mlflow.source.type", "value": "LOCAL"}]}
            """
        )
    }

    static var logMetric: Pattern {
        HTTPRequest.post(
            "\(api)/runs/log-metric",
            """
            {"run_uuid": "\(.run)", "run_id": "\(.run)", "key": "loss", "value": 0.6931471805599453, \
            "timestamp": 1700000000000, "step": \(.counter())}
            """
        )
    }

    static func logBatch(_ batch: WriteCases.Batch) -> Pattern {
        let metrics = (0..<batch.keys * batch.steps).map { index -> Pattern in
            let value = Double(mixed(UInt64(index)) >> 11) / Double(1 << 53)
            return """
                {"key": "metric_\(index % batch.keys)", "value": \("\(value)"), "timestamp": 1700000000000, \
                "step": \(.counter(scale: batch.steps, added: index / batch.keys))}
                """
        }
        let params = (0..<batch.others).map {
            "{\"key\": \"param_\($0)\", \"value\": \"value of \($0)\"}" as Pattern
        }
        let tags = (0..<batch.others).map {
            "{\"key\": \"tag_\($0)\", \"value\": \"value of \($0)\"}" as Pattern
        }
        return HTTPRequest.post(
            "\(api)/runs/log-batch",
            "{\"run_id\": \"\(.run)\", \"metrics\": [" + metrics.joined(separator: ", ")
                + "], \"params\": [" + params.joined(separator: ", ")
                + "], \"tags\": [" + tags.joined(separator: ", ") + "]}"
        )
    }

    static var getRun: Pattern {
        HTTPRequest.get("\(api)/runs/get?run_uuid=\(.run)&run_id=\(.run)")
    }

    static let searchPath = "\(api)/runs/search"

    /// The body without its closing brace.
    static func openSearch(
        in experimentID: String,
        filter: String = "",
        orderBy: String = "",
        most: Int
    ) -> String {
        let order = orderBy.isEmpty ? "" : ", \"order_by\": [\"\(orderBy)\"]"
        return """
            {"experiment_ids": ["\(experimentID)"], "filter": "\(filter)", \
            "run_view_type": "ACTIVE_ONLY", "max_results": \(most)\(order)
            """
    }

    static func createModel(named name: String) -> Pattern {
        HTTPRequest.post("\(api)/registered-models/create", "{\"name\": \"\(name)\"}")
    }

    static func createVersion(of model: String) -> Pattern {
        HTTPRequest.post(
            "\(api)/model-versions/create",
            """
            {"name": "\(model)", "source": "\(modelSource)", "tags": [{"key": "task", "value": "classify"}]}
            """
        )
    }

    /// Elsewhere, so that no server looks for files.
    static let modelSource = "s3://models/iris"

    static func setAlias(of model: String, to version: Int) -> Pattern {
        HTTPRequest.post(
            "\(api)/registered-models/alias",
            "{\"name\": \"\(model)\", \"alias\": \"champion\", \"version\": \"\(version)\"}"
        )
    }

    static func history(of run: String, most: Int) -> String {
        "\(api)/metrics/get-history?run_uuid=\(run)&run_id=\(run)&metric_key=loss&max_results=\(most)"
    }

    static func artifacts(of run: String, path: String) -> Pattern {
        HTTPRequest.get("\(api)/artifacts/list?run_uuid=\(run)&run_id=\(run)&path=\(path)")
    }
}
