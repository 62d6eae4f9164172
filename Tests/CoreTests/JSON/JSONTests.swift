import Core
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("null", JSON.null), ("true", .boolean(true)), (" false\n", .boolean(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(0x1p63)), ("1" + String(repeating: "0", count: 25), .number(1e25)),
        ("1.0", .number(1)), ("0.1", .number(0.1)), ("-2.5e-3", .number(-0.0025)), ("1E2", .number(100)),
        ("0.30000000000000004", .number(0.1 + 0.2)), ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1e999", .number(.infinity)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("2e-999999999999", .number(0)),
        ("123456789012345678901234567890.5", .number(1.2345678901234568e29)),
        ("0.000000000000000000000000000123", .number(1.23e-28)),
        ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
        (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\té""#, .string("a\"\\/\u{8}\u{c}\n\r\té")),
        (#""\u00e9\ud83d\ude00""#, .string("é😀")),
        (
            #""long enough for eight bytes \n and é more""#,
            .string("long enough for eight bytes \n and é more")
        ),
        ("[]", .array([])), ("[1, [2], {}]", .array([.integer(1), .array([.integer(2)]), .object([])])),
        (
            #"{"a": 1, "b": {"c": [null]}}"#,
            .object([
                JSON.Member(key: "a", value: .integer(1)),
                JSON.Member(key: "b", value: .object([JSON.Member(key: "c", value: .array([.null]))])),
            ])
        ),
        ("\u{FEFF}1", .integer(1)),
    ])
    func `a value is read as it was written`(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test func `a bare NaN is a number`() throws {
        guard case .number(let value) = try JSON(parsing: "NaN") else { return #expect(Bool(false)) }
        #expect(value.isNaN)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "1 2", "[1,]", "[,1]", "[1 2]", "{", "[", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
        "{a:1}",
        #"{"a":1 "b":2}"#, "01", "-", "1.", ".5", "1e", "+1", "-NaN", "'a'", "\"", #""\"#, #""\x""#,
        #""\u12""#,
        #""\u12g4""#, "\"\u{1}\"", "\"a\nb\"", "]", "}", "[}", "{]", "1}", "\u{0}",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func `an error says what was wrong and where`() {
        #expect(throws: JSONError(message: "expected ',' or ']'", position: 8)) {
            try JSON(parsing: #"{"a": [1"b"]}"#)
        }
    }

    @Test(arguments: [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#])
    func `half a surrogate pair becomes the replacement character`(text: String) throws {
        guard case .string(let value) = try JSON(parsing: text) else { return #expect(Bool(false)) }
        #expect(value.contains("\u{FFFD}"))
    }

    @Test(
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]]
    )
    func `a string that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    }

    @Test func `nesting has a limit`() throws {
        let deep = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }

        _ = try JSON(parsing: deep(200))
        #expect(throws: JSONError.self) { try JSON(parsing: deep(201)) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `a tree has a limit of values, which skipping has not`() throws {
        let zeros = { (count: Int) in "[" + String(repeating: "0,", count: count - 1) + "0]" }

        _ = try JSON(parsing: zeros(499_999))
        #expect(throws: JSONError(message: "too many values", position: 999_999, isTooMuch: true)) {
            try JSON(parsing: zeros(500_001))
        }
        try JSONReader.read(Array(zeros(600_000).utf8)) { reader in
            try reader.skip()
            try reader.finish()
        }
    }

    @Test func `the last of repeated keys counts`() throws {
        #expect(try JSON(parsing: #"{"a": 1, "a": 2}"#)["a"] == .integer(2))
    }

    @Test func `any bytes give a value or an error and what is read is written the same`() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]:,"\u0d8 eE+-.019tfnNI"#.utf8) + [0xFF, 0xC3, 0xA9, 0x00]

        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            guard let value = try? JSON(parsing: bytes), !value.text.contains("N"), !value.text.contains("I")
            else {
                continue
            }
            #expect(try JSON(parsing: value.text) == value)
        }
    }
}
