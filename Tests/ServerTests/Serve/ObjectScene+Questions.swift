import Core
import HTTP

/// What the walk over single things asks.
extension ObjectScene {
    /// Ways to ask at a pattern: by the ids of what is closed, by those beside one's own, and by none.
    func questions(_ pattern: String) -> [ObjectQuestion] {
        let files = "\(closed.experiment)/\(closed.run)/artifacts/file.txt"
        let paths = [
            path(pattern, model: closed.loggedModel, rest: files),
            path(pattern, model: closed.loggedModel, rest: closed.experiment),
            path(pattern, model: open.loggedModel, rest: "\(open.experiment)/../\(files)"),
            path(pattern, model: open.loggedModel, rest: "\(open.experiment)/%2E%2E/\(files)"),
            path(pattern, model: open.loggedModel, rest: "\(open.experiment)/%252E%252E/\(files)"),
        ]
        let whole = closedFields + lists
        let query =
            (closedFields + [
                ("experiment_ids", .string(closed.experiment)), ("run_ids", .string(closed.run)),
            ])
            .map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        let bodies = [whole, whole + [("value", .integer(7))], ownFields + lists].map(text)
        var questions = paths.map { path in
            ObjectQuestion(path: path, isBare: false, ways: [(query, bodies[0])] + bodies.map { ("", $0) })
        }
        if pattern.hasSuffix("graphql") {
            let body = text([("query", .string(graph))])
            questions.append(ObjectQuestion(path: paths[0], isBare: false, ways: [("", body)]))
        }
        if !pattern.contains(":"), !pattern.hasSuffix("**") {
            questions.append(
                ObjectQuestion(path: path(pattern, model: "", rest: ""), isBare: true, ways: Self.bareWays)
            )
        }
        return questions
    }

    private typealias Fields = [(String, JSON)]

    private var closedFields: Fields {
        let folder = "\(closed.experiment)/\(closed.run)/artifacts"
        let texts = [
            ("experiment_id", closed.experiment), ("experiment_name", "closed"), ("run_id", closed.run),
            ("run_uuid", closed.run), ("name", "closed"), ("model_id", closed.loggedModel), ("version", "1"),
            ("source_run_id", closed.run), ("key", "k"), ("value", "v"), ("metric_key", "m"), ("alias", "a"),
            ("new_name", "taken"), ("path", folder), ("stage", "Archived"), ("username", "eve"),
            ("resource_type", "experiment"), ("resource_id", closed.experiment), ("permission", "MANAGE"),
            ("timestamp", "1"), ("status", "FINISHED"), ("source", "mlflow-artifacts:/\(folder)"),
            ("artifact_file_path", "file.txt"), ("model_json", #"{"run_id":"1"}"#),
        ]
        return texts.map { ($0.0, .string($0.1)) }
    }

    /// What is one's own, with what is another's beside it.
    private var ownFields: Fields {
        [
            ("run_id", .string(open.run)), ("experiment_id", .string(open.experiment)), ("name", "open"),
            ("source_run_id", .string(closed.run)), ("model_id", .string(closed.loggedModel)),
            ("source", .string("runs:/\(closed.run)/file.txt")), ("key", "m"), ("value", .integer(7)),
            ("timestamp", .integer(7)),
        ]
    }

    private var lists: Fields {
        let point: JSON = [
            "key": "m", "value": .integer(9), "timestamp": .integer(9), "step": .integer(9),
            "model_id": .string(closed.loggedModel),
        ]
        return [
            ("experiment_ids", .array([.string(closed.experiment)])),
            ("run_ids", .array([.string(closed.run)])),
            ("params", .array([["key": "x", "value": "y"]])), ("tags", .array([["key": "x", "value": "y"]])),
            ("metrics", .array([point])), ("models", .array([["model_id": .string(closed.loggedModel)]])),
            ("num_parts", .integer(1)),
        ]
    }

    private var graph: String {
        """
        {
            mlflowGetRun(input: {runId: "\(closed.run)"}) {
                run { info { runName } data { params { value } } experiment { name } modelVersions { name source } }
            }
            mlflowSearchRuns(input: {experimentIds: ["\(closed.experiment)"]}) { runs { info { runName } } }
            mlflowGetExperiment(input: {experimentId: "\(closed.experiment)"}) { experiment { name } }
            mlflowSearchModelVersions(input: {}) { modelVersions { name description source } }
        }
        """
    }

    private static let bareWays = [
        ("", "{}"), ("max_results=100", #"{"max_results":100}"#),
        ("max_results=100&filter=name%20LIKE%20%27%25%27", #"{"filter":"name LIKE '%'","max_results":100}"#),
        ("order_by=name&max_results=1", #"{"order_by":["name"],"max_results":1,"view_type":"ALL"}"#),
    ]

    /// The text of an object; of a field that comes twice, the last stands.
    private func text(_ fields: Fields) -> String {
        var members: [JSON.Member] = []
        for (key, value) in fields {
            members.removeAll { $0.key == key }
            members.append(JSON.Member(key: key, value: value))
        }
        return JSON.object(members).text
    }

    private func encoded(_ value: JSON) -> String {
        if case .string(let text) = value { PercentEncoding.segment(text) } else { value.text }
    }

    private func path(_ pattern: String, model: String, rest: String) -> String {
        pattern.replacing("{repository}", with: "ann/iris").split(
            separator: "/",
            omittingEmptySubsequences: false
        ).map { segment -> String in
            switch segment {
            case "**": rest
            case ":model_id": model
            default: segment.hasPrefix(":") ? "1" : String(segment)
            }
        }.joined(separator: "/")
    }
}
