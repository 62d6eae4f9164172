import Core
import Testing

@testable import Tracking

/// The expected readings and refusals are those of the parsers of MLflow 3.17.2, except where a case says otherwise.
struct FilterTests {
    @Test(
        arguments: [
            ("metrics.acc > 0.9 and params.lr = '0.1'", "[metric(acc) > 0.9] [param(lr) = '0.1']"),
            ("metric.`a b`>-1", "[metric(a b) > -1]"),
            ("metrics.\"a.b\" = 3", "[metric(a.b) = 3]"),
            ("metrics.a.b.c != .5", "[metric(a.b.c) != 0.5]"),
            ("metrics.a <= 5.", "[metric(a) <= 5.0]"),
            ("metrics.a >= 1E-3", "[metric(a) >= 0.001]"),
            ("parameters.é = 'x'", "[param(é) = 'x']"),
            ("param.select = \"x\"", "[param(select) = 'x']"),
            ("params.'a b' = ''", "[param(a b) = '']"),
            ("params.1a = 'it''s'", "[param(1a) = 'it''s']"),
            ("params.a = 'it\\'s'", "[param(a) = 'it\\'s']"),
            ("tags.mlflow.source.name like '%x'", "[tag(mlflow.source.name) LIKE '%x']"),
            ("tag.`mlflow.runName` iLike 'a_'", "[tag(mlflow.runName) ILIKE 'a_']"),
            ("tags.a is null AND tags.b IS  NOT NULL", "[tag(a) missing] [tag(b) present]"),
            ("params.A = 'x' AnD params.B='y and z'", "[param(A) = 'x'] [param(B) = 'y and z']"),
            ("params.x='a'and params.y='b'", "[param(x) = 'a'] [param(y) = 'b']"),
            ("run_id in ('a', \"b\",)", "[attribute(run_id) IN a|b]"),
            ("attribute.run_id NOT in('a' 'b')", "[attribute(run_id) NOT IN ab]"),
            ("status != 'RUNNING'", "[attribute(status) != 'RUNNING']"),
            ("run.start_time > 5", "[attribute(start_time) > 5]"),
            ("attr.Created = 5.5", "[attribute(start_time) = 5.5]"),
            ("attributes.`run name` = 'x'", "[attribute(run_name) = 'x']"),
            ("\"Run Name\" = 'x'", "[attribute(run_name) = 'x']"),
            ("end_time < 99999999999999999999", "[attribute(end_time) < 1e+20]"),
            ("datasets.context IN ('train')", "[dataset(context) IN train]"),
            ("dataset.name = 'x'", "[dataset(name) = 'x']"),
            // Without AND between them, or with too many.
            ("metrics.a > 1 metrics.b > 2", "[metric(a) > 1] [metric(b) > 2]"),
            ("and metrics.a > 1 and and metrics.b > 2 and", "[metric(a) > 1] [metric(b) > 2]"),
            ("AND", ""),
            // Beyond MLflow.
            ("metrics.5 > 1e+16", "[metric(5) > 1e+16]"),
            ("params.from = 'x'", "[param(from) = 'x']"),
            ("tags.created = 'x'", "[tag(created) = 'x']"),
            ("tags.a = 'x' or tags.b = 'y'", "([tag(a) = 'x'] or [tag(b) = 'y'])"),
            (
                "metrics.a > 1 AND (tags.a = 'x' OR NOT tags.b = 'y') ",
                "[metric(a) > 1] ([tag(a) = 'x'] or not [tag(b) = 'y'])"
            ),
            ("not(not (params.a='x'))and params.b='y'", "not not [param(a) = 'x'] [param(b) = 'y']"),
            ("tags.a='x' OR tags.b='y' tags.c='z'", "([tag(a) = 'x'] or [tag(b) = 'y'] [tag(c) = 'z'])"),
        ] as [(String, String)]
    )
    func `reads filters of runs`(_ filter: String, _ expected: String) throws {
        let parsed = try #require(try RunFilter.parse(filter))

        #expect(shown(parsed) == expected)
    }

    @Test(
        arguments: [
            (
                "metrics.acc >",
                "Invalid clause(s) in filter string: 'metrics.acc >' (at character 14: end of filter)"
            ),
            ("metrics.a > 1;", "Invalid clause(s) in filter string: ';' (at character 14: `;`)"),
            (
                "metrics.a > 0x10",
                "Invalid clause(s) in filter string: 'metrics.a > 0x10' (at character 13: `0x10`)"
            ),
            ("`metrics.A > 0.1", "Invalid clause(s) in filter string: '`' (at character 1: ```)"),
            ("params.a = 'x", "Invalid clause(s) in filter string: 'params.a = '' (at character 12: `'`)"),
            ("run name = 'x'", "Invalid clause(s) in filter string: 'run name' (at character 5: `name`)"),
            (
                "tags.a = 'x' 'y'",
                "Invalid clause(s) in filter string: ''y'' (at character 17: end of filter)"
            ),
            ("metrics.a between 1 and 2", "Invalid clause(s) in filter string: 'metrics.a between'"),
            ("run_id in 'a'", "Invalid clause(s) in filter string: 'run_id in 'a''"),
            (
                "(tags.a = 'x'",
                "Invalid clause(s) in filter string: '(tags.a = 'x'' (at character 14: end of filter)"
            ),
            ("tags.a = 'x')", "Invalid clause(s) in filter string: ')' (at character 13: `)`)"),
            ("tags.a = 'x' or", "Invalid clause(s) in filter string: 'or' (at character 16: end of filter)"),
            ("metrics.a > 1; metrics.b > 2", "Search filter contained multiple expression"),
            (" ", "Invalid filter ' '. Could not be parsed."),
            (
                "'x' = params.lr",
                "Invalid comparison clause. Expected 'Identifier' found ''x'' (at character 1: `'x'`)"
            ),
            ("params.a-b = 'x'", "Invalid comparison clause. Expected 'Identifier' found 'params.a-b'"),
            (
                "Metrics.a > 1",
                "Invalid entity type 'Metrics'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"
            ),
            ("params . a = 'x'", "Invalid entity type 'params '."),
            (
                "lifecycle_stage = 'x'",
                "Invalid attribute key 'lifecycle_stage' specified. Valid keys are '{'Created', 'Run Name', "
                    + "'Run name', 'artifact_uri', 'created', 'end_time', 'run name', 'run_id', 'run_name', "
                    + "'start_time', 'status', 'user_id'}' (at character 1: `lifecycle_stage`)"
            ),
            (
                "dataset.foo='x'",
                "Invalid dataset key 'foo' specified. Valid keys are '{'context', 'digest', 'name'}'"
            ),
            ("metrics.a > 'x'", "Expected numeric value type for metric. Found 'x' (at character 13: `'x'`)"),
            ("metrics.a > 1and", "Expected numeric value type for metric. Found 1and"),
            ("metrics.a = NaN", "Expected numeric value type for metric. Found NaN"),
            ("start_time > '5'", "Expected numeric value type for numeric attribute: start_time. Found '5'"),
            ("params.lr=1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"),
            ("tags.a in ('b')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('b')"),
            ("status = 2", "Expected a quoted string value for attributes. Got value 2"),
            ("dataset.name = 2", "Expected a quoted string value for dataset attributes. Got value 2"),
            (
                "params.lr = `x`",
                "Parameter value is either not quoted or unidentified quote types used for string value `x`. Use either single or double quotes."
            ),
            (
                "metrics.a is null",
                "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'a'"
            ),
            (
                "status in ('a')",
                "Only ['run_id'] attributes support comparison with a list of quoted string values."
            ),
            (
                "run_id in ()",
                "While parsing a list in the query, expected a non-empty list of string values, but got empty list"
            ),
            (
                "run_id in (1)",
                "While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: (1)"
            ),
            (
                "run_id in ('a',,'b')",
                "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list."
            ),
            ("metrics.a ~ 1", "Invalid comparator '~' not one of '{'!=', '<', '<=', '=', '>', '>='}'"),
            (
                "params.a > '1'",
                "Invalid comparator '>' not one of '{'!=', '=', 'ILIKE', 'IS NOT NULL', 'IS NULL', 'LIKE'}'"
            ),
            ("tags.a not like 'x'", "Invalid comparator 'NOT LIKE' not one of"),
            ("run_id = ('a')", "Invalid comparator '=' not one of"),
            ("start_time like 5", "Invalid comparator 'LIKE' not one of"),
            // A clause that is none comes before a wrong value, and that before a wrong comparator.
            ("params.a > '1' and params.b = 1", "Expected a quoted string value for parameter"),
            ("params.b = 1 and x", "Invalid clause(s) in filter string: 'x'"),
        ] as [(String, String)]
    )
    func `refuses filters of runs in MLflow's words and says where`(_ filter: String, _ message: String) {
        #expect { _ = try RunFilter.parse(filter) } throws: { error in
            let failure = error as? Failure
            return failure?.code == .invalidParameter && failure?.message.hasPrefix(message) == true
        }
    }

    @Test(
        arguments: [
            ("name LIKE 'x%' and tags.a = 'b'", "[attribute(name) LIKE 'x%'] [tag(a) = 'b']"),
            ("attribute.creation_time > 5", "[attribute(creation_time) > 5]"),
            ("experiment_id = '05'", "[attribute(experiment_id) IN 5]"),
            ("experiment_id NOT IN ('1', '2')", "[attribute(experiment_id) NOT IN 1|2]"),
            ("tag.a IS NULL", "[tag(a) missing]"),
        ] as [(String, String)]
    )
    func `reads filters of experiments`(_ filter: String, _ expected: String) throws {
        let parsed = try #require(try ExperimentFilter.parse(filter))

        #expect(shown(parsed) == expected)
    }

    @Test(
        arguments: [
            (
                "name = 'a' maybe",
                "Invalid clause(s) in filter string: maybe (at character 17: end of filter)"
            ),
            (
                "metrics.a > 1",
                "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')"
            ),
            (
                "run_id = 'a'",
                "Invalid attribute key 'run_id' specified. Valid keys are '{'creation_time', 'experiment_id', 'last_update_time', 'name'}'"
            ),
            ("name IS NULL", "IS NULL / IS NOT NULL is only supported for tags, not for attribute 'name'"),
            (
                "name IN ('a')",
                "Only ['experiment_id'] attributes support comparison with a list of quoted string values."
            ),
            (
                "name > 'a'",
                "Invalid comparator '>' not one of '{'!=', '=', 'ILIKE', 'IN', 'LIKE', 'NOT IN'}'"
            ),
            ("experiment_id LIKE '1'", "Invalid comparator for experiment_id: LIKE"),
            ("experiment_id = 'a'", "Invalid experiment ID 'a'. Experiment ID must be a valid integer."),
            ("creation_time = 5.5", "Invalid value for numeric attribute 'creation_time': '5.5'"),
            ("tags.a < 'b'", "Invalid comparator for tag: <"),
        ] as [(String, String)]
    )
    func `refuses filters of experiments in MLflow's words`(_ filter: String, _ message: String) {
        #expect { _ = try ExperimentFilter.parse(filter) } throws: {
            ($0 as? Failure)?.message.hasPrefix(message) == true
        }
    }

    @Test(
        arguments: [
            ("metrics.loss > 0.1 AND params.lr = 0.01", "[metrics.loss > 0.1] [params.lr = '0.01']"),
            (
                "name like 'a%' and status = 'READY'",
                "[attributes.name LIKE 'a%'] [attributes.status = 'READY']"
            ),
            ("creation_time > 5", "[attributes.creation_timestamp_ms > 5]"),
            ("model_type IN ('a', 'b')", "[attributes.model_type IN a|b]"),
            ("metrics.val-loss < 1", "[metrics.val-loss < 1]"),
            ("tags.`a b` != \"x\"", "[tags.a b != 'x']"),
        ] as [(String, String)]
    )
    func `reads filters of logged models`(_ filter: String, _ expected: String) throws {
        let parsed = try #require(try LoggedModelFilter.parse(filter))

        #expect(shown(parsed) == expected)
    }

    @Test(
        arguments: [
            (
                "metrics.a >",
                "Invalid filter string: 'metrics.a >'. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
            ),
            (
                "metric.a > 1",
                "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
            ),
            ("foo = 'x'", "Invalid attribute key 'foo' specified."),
            (
                "params.a > '1'",
                "Invalid comparison operator for params.a: '>'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN')."
            ),
            (
                "metrics.a LIKE '1'",
                "Invalid comparison operator for metrics.a: 'LIKE'. Expected one of ('<', '<=', '>', '>=', '=', '!=')."
            ),
            ("tags.a IS NULL", "Invalid comparison: tags.a IS NULL. Expected a comparison with 3 tokens."),
        ] as [(String, String)]
    )
    func `refuses filters of logged models in MLflow's words`(_ filter: String, _ message: String) {
        #expect { _ = try LoggedModelFilter.parse(filter) } throws: {
            ($0 as? Failure)?.message.hasPrefix(message) == true
        }
    }

    @Test func `no filter is none`() throws {
        #expect(try RunFilter.parse(nil) == nil)
        #expect(try RunFilter.parse("") == nil)
    }

    @Test(
        arguments: [
            (
                String(repeating: "(", count: 51) + "tags.a = 'x'" + String(repeating: ")", count: 51),
                "nested"
            ),
            (String(repeating: "not ", count: 60_000 / 4) + "tags.a = 'x'", "nested"),
            (String(repeating: "tags.a = 'x' and ", count: 501), "comparisons"),
            ("tags.a = '" + String(repeating: "x", count: FilterText.longest) + "'", "longer"),
            ("tags.a like '" + String(repeating: "x", count: 50_001) + "'", "longer than 50000 bytes"),
            (String(repeating: "'\\", count: 45_000), "Invalid clause"),
            (String(repeating: "\"\"`", count: 30_000), "Invalid clause"),
            (String(repeating: "(", count: 90_000), "nested"),
            ("run_id in " + String(repeating: "(", count: 90_000), "Invalid clause"),
            (String(repeating: "a.", count: 45_000), "Invalid clause"),
        ] as [(String, String)]
    )
    func `stays small and quick whatever the text`(_ filter: String, _ message: String) {
        let time = ContinuousClock().measure {
            #expect { _ = try RunFilter.parse(filter) } throws: {
                ($0 as? Failure)?.message.contains(message) == true
            }
        }

        #expect(time < .seconds(2))
    }

    @Test func `any text is read or refused`() {
        let pieces = [
            "metrics", "params", ".", "a", "`", "'", "\"", "(", ")", " ", "and", "OR", "not", "in", "is",
            "null", "=",
            ">", "1", "-", "e", ",", ";", "\\", "\u{301}", "é", "\u{0}", "like", "run_id", "\n", "👩‍👧",
        ]
        var random = SeededRandom(state: 7)

        for _ in 0..<5_000 {
            let filter = (0..<Int.random(in: 1...12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            do throws(Failure) {
                _ = try RunFilter.parse(filter)
            } catch {
                #expect(error.code == .invalidParameter)
            }
        }
    }
}

private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

private func shown<Field>(_ filter: Filter<Field>) -> String {
    switch filter {
    case .leaf(let condition): "[\(shown(condition.field)) \(shown(condition.comparison))]"
    case .all(let parts): parts.map { shown($0) }.joined(separator: " ")
    case .any(let parts): "(" + parts.map { shown($0) }.joined(separator: " or ") + ")"
    case .not(let inner): "not " + shown(inner)
    }
}

private func shown(_ field: some Hashable) -> String {
    switch field as Any {
    case RunField.attribute(let attribute): "attribute(\(attribute.rawValue))"
    case RunField.metric(let key): "metric(\(key))"
    case RunField.param(let key): "param(\(key))"
    case RunField.tag(let key): "tag(\(key))"
    case RunField.dataset(let dataset): "dataset(\(dataset.rawValue))"
    case ExperimentField.attribute(let attribute): "attribute(\(attribute.rawValue))"
    case ExperimentField.tag(let key): "tag(\(key))"
    default: "\(field)"
    }
}

private func shown(_ comparison: Comparison) -> String {
    switch comparison {
    case .number(let order, .integer(let value)): "\(order.rawValue) \(value)"
    case .number(let order, .real(let value)): "\(order.rawValue) \(value)"
    case .text(let match, let value): "\(match.rawValue) '\(value)'"
    case .list(let isIn, let values): (isIn ? "IN " : "NOT IN ") + values.joined(separator: "|")
    case .presence(let isPresent): isPresent ? "present" : "missing"
    }
}
