import API
import Core
import NIOCore
import Testing

@Suite struct MessageTests {
    @Test func `a field goes by its two names but not by both`() throws {
        #expect(try message(#"{"run_id": "r"}"#).string("run_id") == "r")
        #expect(try message(#"{"runId": "r"}"#).string("run_id") == "r")
        expect("Request specifies both 'run_id' and 'runId'; provide only one of them.") {
            try message(#"{"run_id": "r", "runId": "r"}"#).string("run_id")
        }
    }

    @Test func `null is not there and an empty string is missing`() throws {
        for body in [#"{"name": null}"#, #"{"name": ""}"#, "{}", "", "nonsense", "null", #"{"other": 1}"#] {
            expect(
                "Missing value for required parameter 'name'. "
                    + "See the API docs for more information about request parameters."
            ) {
                try message(body).requiredString("name")
            }
        }
        #expect(try message(#"{"name": ""}"#).string("name") == "")
        #expect(try message(#"{"name": null}"#).string("name") == nil)
    }

    @Test(arguments: [
        (#"["\#(String(repeating: "a", count: 500))"]"#, #"["\#(String(repeating: "a", count: 198))..."#),
        (
            "[\(String(repeating: "[[0],{\"a\":0}],", count: 9_000))0]",
            "[\(String(repeating: "[[0],{\"a\":0}],", count: 14))[[0..."
        ),
    ])
    func `a long value of the wrong type is shown by its beginning`(value: String, shown: String) {
        expect(
            "Invalid value \(shown) for parameter 'name' supplied:  Hint: Value was of type 'list'. "
                + "See the API docs for more information about request parameters."
        ) {
            try message(#"{"name": \#(value)}"#).requiredString("name")
        }
    }

    @Test func `a body of too many values is refused`() {
        let zeros = String(repeating: "0,", count: 500_000)
        expect("The request body has too many values.") {
            try message(#"{"name": [\#(zeros)0]}"#).requiredString("name")
        }
    }

    @Test(arguments: [
        ("7", "7", "int"), ("true", "true", "bool"), ("1.5", "1.5", "float"),
        (#"{"x": 1}"#, #"{"x":1}"#, "dict"),
        (#"[1, "a", null]"#, #"[1,"a",null]"#, "list"), (#"["é😀"]"#, #"["\u00e9\ud83d\ude00"]"#, "list"),
        (#"{"b": 1, "a": 1e-05}"#, #"{"a":1e-05,"b":1}"#, "dict"), ("NaN", "NaN", "float"),
    ])
    func `a value of the wrong type is named with its type`(value: String, shown: String, type: String) {
        expect(
            "Invalid value \(shown) for parameter 'name' supplied:  Hint: Value was of type '\(type)'. "
                + "See the API docs for more information about request parameters."
        ) {
            try message(#"{"name": \#(value)}"#).requiredString("name")
        }
    }

    @Test(arguments: [("5", 5), (#""5""#, 5), ("5.0", 5), (#""-7""#, -7), ("9223372036854775807", .max)])
    func `an integer comes as a number or as a string`(value: String, integer: Int64) throws {
        #expect(try message(#"{"n": \#(value)}"#).integer("n") == integer)
    }

    @Test(arguments: [#""abc""#, "1.5", "true", "[1]", "1e30", "NaN", #"" 5""#])
    func `what is no integer is refused`(value: String) {
        #expect(throws: Failure.self) { try message(#"{"n": \#(value)}"#).integer("n") }
    }

    @Test(arguments: [
        ("5", 5.0), ("0.5", 0.5), (#""0.5""#, 0.5), (#""Infinity""#, .infinity),
        (#""-Infinity""#, -.infinity),
        ("1e999", .infinity),
    ])
    func `a double may be one of protobuf's words`(value: String, double: Double) throws {
        #expect(try message(#"{"n": \#(value)}"#).double("n") == double)
    }

    @Test func `NaN is a number`() throws {
        for value in ["NaN", #""NaN""#] {
            #expect(try message(#"{"n": \#(value)}"#).double("n")?.isNaN == true)
        }
    }

    @Test func `a word comes by name or by number`() throws {
        #expect(try message(#"{"status": "FINISHED"}"#).word("status", of: Status.self) == .finished)
        #expect(try message(#"{"status": 3}"#).word("status", of: Status.self) == .finished)
        #expect(try message(#"{"status": "1"}"#).word("status", of: Status.self) == .running)
        #expect(throws: Failure.self) { try message(#"{"status": "DONE"}"#).word("status", of: Status.self) }
        #expect(throws: Failure.self) { try message(#"{"status": 9}"#).word("status", of: Status.self) }
    }

    @Test func `lists hold strings or messages`() throws {
        let body = try message(#"{"ids": ["a", "b"], "tags": [{"key": "k"}, {"key": 7}]}"#)

        #expect(try body.strings("ids") == ["a", "b"])
        #expect(try body.strings("nothing") == [])
        let tags = try body.messages("tags")
        #expect(try tags[0].requiredString("key") == "k")
        expect(
            "Invalid value 7 for parameter 'tags[1].key' supplied:  Hint: Value was of type 'int'. "
                + "See the API docs for more information about request parameters."
        ) {
            try tags[1].requiredString("key")
        }
        expect(
            "Invalid value [\"a\",\"b\"] for parameter 'ids' supplied:  Hint: Value was of type 'list'. "
                + "See the API docs for more information about request parameters."
        ) {
            try body.messages("ids")
        }
    }

    @Test func `a body that is a JSON string is decoded twice`() throws {
        #expect(try message(#""{\"name\": \"x\"}""#).string("name") == "x")
    }

    @Test(arguments: ["[1]", "5", #""5""#, "true"])
    func `a body that is no object is refused`(body: String) {
        #expect(throws: Failure.self) { try message(body) }
    }

    @Test func `an old client calls the run by its uuid`() throws {
        #expect(try message(#"{"run_uuid": "r"}"#).requiredRunID() == "r")
        #expect(try message(#"{"run_uuid": "r", "run_id": ""}"#).requiredRunID() == "r")
        expect(
            "Missing value for required parameter 'run_id'. "
                + "See the API docs for more information about request parameters."
        ) {
            try message("{}").requiredRunID()
        }
    }
}

private enum Status: String, WireWord {
    case running = "RUNNING"
    case finished = "FINISHED"

    var wireNumber: Int64 { self == .running ? 1 : 3 }
}

private func message(_ body: String) throws -> Message {
    try Message(body: ByteBuffer(string: body))
}

private func expect<T>(
    _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> T
) {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { _ = try body() }
    #expect(failure?.message == words, sourceLocation: sourceLocation)
}
