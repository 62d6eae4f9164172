import API
import Core
import HTTP
import HTTPTypes
import Testing
import Tracking

@Suite struct GraphQLEndpointsTests {
    @Test func `a run is answered with exactly the fields that are asked`() async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let id = try await server.plant()

            let answer = try await server.ask(
                """
                query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
                  mlflowGetRun(input: $data) {
                    apiError { helpUrl code message }
                    run {
                      info { runName status runUuid experimentId endTime startTime userId }
                      experiment { experimentId name lifecycleStage lastUpdateTime tags { key } }
                      modelVersions { status version name source }
                      data { metrics { key value step timestamp } params { key value } }
                      inputs {
                        datasetInputs { dataset { digest name profile sourceType } tags { key value } }
                        modelInputs { modelId }
                      }
                      outputs { modelOutputs { modelId step } }
                    }
                  }
                }
                """,
                variables: #"{"data": {"runId": "\#(id)"}}"#
            )

            #expect(answer.status == 200)
            #expect(
                answer.body == #"{"data":{"mlflowGetRun":{"apiError":null,"run":{"#
                    + #""info":{"runName":"setosa","status":"RUNNING","runUuid":"\#(id)","experimentId":"0","#
                    + #""endTime":"0","startTime":"5","userId":"ann"},"#
                    + #""experiment":{"experimentId":"0","name":"Default","lifecycleStage":"active","#
                    + #""lastUpdateTime":"1000","tags":[]},"modelVersions":[],"#
                    + #""data":{"metrics":[{"key":"acc","value":0.5,"step":"9007199254740993","timestamp":"1"},"#
                    + #"{"key":"nan","value":null,"step":"0","timestamp":"1"}],"#
                    + #""params":[{"key":"lr","value":"0.1"}]},"#
                    + #""inputs":{"datasetInputs":[{"dataset":{"digest":"abc","name":"iris","profile":"","#
                    + #""sourceType":"local"},"tags":[]}],"modelInputs":[{"modelId":"m-1"}]},"#
                    + #""outputs":{"modelOutputs":[{"modelId":"m-1","step":"3"}]}}}},"errors":null}"#,
                "\(answer.body)"
            )
        }
    }

    @Test func `fragments and aliases are put in place, and one field may fail alone`() async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let id = try await server.plant()

            let answer = try await server.ask(
                """
                query Other { __typename }
                query Two($id: String, $gone: String = "nope") {
                  type: __typename
                  a: mlflowGetRun(input: {runId: $id}) { run { ...Info ... on MlflowRunExtension { data { tags { value } } } } }
                  b: mlflowGetRun(input: {runUuid: $gone}) { run { ...Info } }
                }
                # Shared by both.
                fragment Info on MlflowRunExtension { info { name: runName __typename } ... { info { runId } } }
                """,
                variables: #"{"id": "\#(id)"}"#,
                operationName: "Two"
            )

            #expect(
                answer.body == #"{"data":{"type":"Query","a":{"run":{"info":{"name":"setosa","#
                    + #""__typename":"MlflowRunInfo","runId":"\#(id)"},"data":{"tags":[{"value":"setosa"}]}}},"b":null},"#
                    + #""errors":["Run with id=nope not found"]}"#,
                "\(answer.body)"
            )
        }
    }

    @Test func `runs, an experiment and histories are answered`() async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let id = try await server.plant()
            let search =
                "mlflowSearchRuns(input: $d) { runs { info { runId } experiment { name } inputs { modelInputs { modelId } } } nextPageToken }"
            let history = "mlflowGetMetricHistoryBulkInterval(input: $d) { metrics { key value step runId } }"
            let run =
                #"{"info":{"runId":"\#(id)"},"experiment":{"name":"Default"},"inputs":{"modelInputs":[]}}"#
            let cases = [
                (
                    "query Q($d: MlflowSearchRunsInput!) { \(search) }",
                    #"{"experimentIds": ["0"], "runViewType": "ACTIVE_ONLY", "maxResults": 1}"#,
                    #"{"mlflowSearchRuns":{"runs":[\#(run)],"nextPageToken":""}}"#
                ),
                (
                    "mutation Q($d: MlflowSearchRunsInput!) { \(search) }",
                    #"{"experimentIds": "0", "filter": "metrics.acc > 1", "orderBy": ["metrics.acc"]}"#,
                    #"{"mlflowSearchRuns":{"runs":[],"nextPageToken":""}}"#
                ),
                (
                    "query Q($d: MlflowGetExperimentInput!) { mlflowGetExperiment(input: $d) { experiment { name creationTime } } }",
                    #"{"experimentId": "0"}"#,
                    #"{"mlflowGetExperiment":{"experiment":{"name":"Default","creationTime":"1000"}}}"#
                ),
                (
                    "query Q($d: MlflowGetMetricHistoryBulkIntervalInput) { \(history) }",
                    #"{"runIds": ["\#(id)"], "metricKey": "acc", "maxResults": 1, "startStep": null}"#,
                    #"{"mlflowGetMetricHistoryBulkInterval":{"metrics":[{"key":"acc","value":0.5,"#
                        + #""step":"9007199254740993","runId":"\#(id)"}]}}"#
                ),
                (
                    "query Q($d: MlflowGetMetricHistoryBulkIntervalInput) { \(history) }",
                    #"{"runIds": [], "metricKey": "acc"}"#,
                    #"{"mlflowGetMetricHistoryBulkInterval":{"metrics":[]}}"#
                ),
            ]

            for (query, variable, expected) in cases {
                let answer = try await server.ask(query, variables: #"{"d": \#(variable)}"#)
                #expect(answer.body == #"{"data":\#(expected),"errors":null}"#, "\(answer.body)")
            }
        }
    }

    @Test func `what is wrong in a question is told and nothing is answered`() async throws {
        let run = "mlflowGetRun(input: {runId: \"r\"})"
        let cases: [(query: String, words: String)] = [
            ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
            ("mutation { mlflowGetRun { run { info { runId } } } }", "on type 'Mutation'."),
            ("subscription { a }", "Schema is not configured to execute subscription operation."),
            ("{ \(run) { run { info { nope } } } }", "Cannot query field 'nope' on type 'MlflowRunInfo'."),
            (
                "{ \(run) { run } }",
                "Field 'run' of type 'MlflowRunExtension' must have a selection of subfields. Did you mean 'run { ... }'?"
            ),
            (
                "{ \(run) { run { info { runId { x } } } } }",
                "Field 'runId' must not have a selection since type 'String' has no subfields."
            ),
            (
                "{ \(run) { run { info { a: runId a: status } } } }",
                "Fields 'a' conflict because 'runId' and 'status' are different fields."
            ),
            (
                "{ \(run) { run { info { runId @skip(if: true) } } } }", "Unknown directive '@skip'."
            ),
            (
                "{ \(run) { run { info(x: 1) { runId } } } }",
                "Unknown argument 'x' on field 'MlflowRunExtension.info'."
            ),
            ("{ ...F } fragment F on Query { ...F }", "Cannot spread fragment 'F' within itself."),
            ("{ ...G }", "Unknown fragment 'G'."),
            ("{ ...F } fragment F on Nothing { a }", "Unknown type 'Nothing'."),
            (
                "{ ...F } fragment F on MlflowRunInfo { runId }",
                "Fragment 'F' cannot be spread here as objects of type 'Query' can never be of type 'MlflowRunInfo'."
            ),
            ("{ mlflowGetRun(input: {runId: 5}) { run { info { runId } } } }", "non string value: 5"),
            (
                "{ mlflowGetRun(input: {foo: 1}) { run { info { runId } } } }",
                "Field 'foo' is not defined by type 'MlflowGetRunInput'."
            ),
            (
                "query Q { mlflowGetRun(input: {runId: $d}) { run { info { runId } } } }",
                "Variable '$d' is not defined by operation 'Q'."
            ),
            (
                "query Q($d: MlflowGetRunInput!) { mlflowGetRun(input: $d) { run { info { runId } } } }",
                "Variable '$d' of required type 'MlflowGetRunInput!' was not provided."
            ),
            (
                "query Q($d: Int) { mlflowGetRun(input: {runId: $d}) { run { info { runId } } } }",
                "Variable '$d' of type 'Int' used in position expecting type 'String'."
            ),
            (
                "query Q($v: MlflowGetRunInput) { mlflowGetRun(input: $v) { run { info { runId } } } }",
                "Variable '$v' got invalid value 5 at 'v.runId'; String cannot represent a non string value: 5"
            ),
            (
                "{ mlflowSearchRuns(input: {runViewType: SOME}) { runs { info { runId } } } }",
                "Value 'SOME' does not exist in 'MlflowViewType' enum."
            ),
            (
                "{ mlflowSearchRuns(input: {maxResults: \"3\"}) { runs { info { runId } } } }",
                "Int cannot represent non-integer value: '3'"
            ),
            (
                "query A { __typename } query B { __typename }",
                "Must provide operation name if query contains multiple operations."
            ),
        ]
        try await withMLflow(GraphQLEndpoints.all) { server in
            for (query, words) in cases {
                let answer = try await server.ask(query, variables: #"{"v": {"runId": 5}}"#)
                #expect(answer.status == 200)
                #expect(answer.body.hasPrefix(#"{"data":null,"errors":[""#), "\(query): \(answer.body)")
                #expect(answer.body.contains(words), "\(query): \(answer.body)")
            }
            let named = try await server.ask("{ __typename }", variables: "{}", operationName: "C")
            #expect(named.body == #"{"data":null,"errors":["Unknown operation named 'C'."]}"#)
        }
    }

    @Test func `a question that asks for too much is refused before it is looked at`() async throws {
        func many(_ count: Int, _ text: (Int) -> String) -> String {
            (0..<count).map(text).joined(separator: " ")
        }
        func aliases(_ count: Int) -> String { many(count) { "a\($0): runId" } }
        let spread = many(20) { "...F\($0)" }
        let fragments = many(20) { "fragment F\($0) on MlflowRunInfo { a\($0): runId }" }
        let cases: [(query: String, words: String)] = [
            (
                "{ mlflowGetRun(input: {}) { run { info { \(aliases(11)) } } } }",
                "GraphQL queries should have at most 10 aliases, got 11 aliases."
            ),
            (
                "{ mlflowGetRun(input: {}) { run { info { \(aliases(10_000)) } } } }",
                "Query exceeds maximum total selections of 1000"
            ),
            (
                "{ mlflowGetRun(input: {}) { run { info { \(spread) } } } } \(fragments)",
                "GraphQL queries should have at most 10 aliases, got 20 aliases."
            ),
            (
                "{ \(many(11) { "a\($0): __typename" }) }",
                "GraphQL queries should have at most 10 root fields, got 11 root fields."
            ),
            (many(11) { _ in "{ a" } + many(11) { _ in "}" }, "Query exceeds maximum depth of 10"),
            ("{ \(many(1_001) { _ in "a" }) }", "Query exceeds maximum total selections of 1000"),
            ("{ ...F } fragment F on Query { a { ...F } }", "Query exceeds maximum depth of 10"),
        ]
        try await withMLflow(GraphQLEndpoints.all) { server in
            for (query, words) in cases {
                let answer = try await server.ask(query, variables: "{}")
                #expect(answer.status == 200)
                #expect(
                    answer.body.hasPrefix(#"{"data":null,"errors":["\#(words)"#),
                    "\(answer.body.prefix(300))"
                )
            }
        }
    }

    @Test(arguments: [
        ("{}", "Must provide query string."), (#"{"query": ""}"#, "Must provide query string."),
        (#"{"query": "{"}"#, "Syntax Error: Expected Name, found <EOF>."),
        (##"{"query": "# only"}"##, "Syntax Error: Expected '{', found <EOF>."),
        (#"{"query": "{ a(b: \"x }"}"#, "Syntax Error: Unterminated string."),
        (#"{"query": "{ a } }"}"#, "Syntax Error: Expected '{', found '}'."),
        (#"{"query": 5}"#, "Invalid value 5 for parameter 'query' supplied"),
        (#"{"query": "{ a }", "variables": 5}"#, "Invalid value 5 for parameter 'variables' supplied"),
    ])
    func `what is no question is a bad request`(body: String, words: String) async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let answer = try await server.ask(.post, "/graphql", body)

            #expect(answer.status == 400)
            #expect(try JSON(parsing: answer.body)["message"]?.text.contains(words) == true, "\(answer.body)")
        }
    }

    @Test func `nesting is refused before it exhausts the stack, and so is a long text`() async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let deep = String(repeating: "{ a ", count: 200_000)
            let list = "{ a(b: " + String(repeating: "[", count: 200_000) + ") }"
            for query in [deep, list] {
                let answer = try await server.ask(query, variables: "{}")
                #expect(answer.status == 400)
                #expect(answer.body.contains("nests deeper than 64 levels"), "\(answer.body.prefix(300))")
            }
            let long = try await server.ask(
                "{ " + String(repeating: "a ", count: 600_000) + "}",
                variables: "{}"
            )
            #expect(long.status == 413)
        }
    }

    @Test func `an address may ask too`() async throws {
        try await withMLflow(GraphQLEndpoints.all) { server in
            let answer = try await server.ask(
                .get,
                "/graphql?query=query(%24d:String)%7BmlflowGetRun(input:%7BrunId:%24d%7D)%7B__typename%7D%7D&variables=%7B%22d%22:%22x%22%7D"
            )

            #expect(answer.body == #"{"data":{"mlflowGetRun":null},"errors":["Run with id=x not found"]}"#)
        }
    }
}

extension MLflow {
    /// A run with all that a run may have.
    fileprivate func plant() async throws -> String {
        let id = try await newRun()
        let runs = tracking.runs(for: caller)
        try await runs.log(
            Batch(
                metrics: [
                    Metric(key: "acc", value: 0.5, timestamp: 1, step: 9_007_199_254_740_993),
                    Metric(key: "nan", value: .nan, timestamp: 1, step: 0),
                ],
                params: [Param(key: "lr", value: "0.1")],
                tags: []
            ),
            to: id
        )
        let iris = Dataset(
            name: "iris",
            digest: "abc",
            sourceType: "local",
            source: "{}",
            schema: nil,
            profile: nil
        )
        try await runs.log(
            RunInputs(datasets: [DatasetInput(dataset: iris, tags: [])], models: ["m-1"]),
            to: id
        )
        try await runs.log([ModelOutput(modelID: "m-1", step: 3)], to: id)
        return id
    }

    fileprivate func ask(
        _ query: String,
        variables: String,
        operationName: String? = nil
    ) async throws -> Answered {
        let name = operationName.map { #", "operationName": "\#($0)""# } ?? ""
        return try await post(
            "/graphql",
            #"{"query": \#(JSON.string(query).text), "variables": \#(variables)\#(name)}"#
        )
    }
}
