import Core
import Testing

@Suite struct JSONWriterTests {
    @Test func `commas stand where they belong`() {
        var json = JSONWriter()

        json.object { json in
            json.field("a", "x")
            json.object("empty") { _ in }
            json.array("list") { json in
                json.value(Int64(1))
                json.null()
                json.object { $0.field("b", true) }
                json.array { _ in }
            }
            json.key("from elsewhere\"")
            json.value(2.0)
            json.key("raw")
            json.raw([0x5B, 0x5D])
        }

        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a":"x","empty":{},"list":[1,null,{"b":true},[]],"from elsewhere\"":2.0,"raw":[]}"#
        )
    }

    /// The right side is Python's `repr`.
    @Test(
        arguments: [
            (0.0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-3, "-3.0"), (0.1, "0.1"), (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"), (123456.789, "123456.789"), (1e15, "1000000000000000.0"),
            (9_007_199_254_740_992, "9007199254740992.0"), (1e16, "1e+16"),
            (1.2345678901234568e16, "1.2345678901234568e+16"),
            (-1.25e16, "-1.25e+16"), (1e17, "1e+17"), (1e22, "1e+22"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (.leastNonzeroMagnitude, "5e-324"), (0.30000000000000004, "0.30000000000000004"),
            (.nan, "\"NaN\""), (.infinity, "\"Infinity\""), (-.infinity, "\"-Infinity\""),
        ] as [(Double, String)]
    )
    func `a double is spelled as Python spells it`(value: Double, text: String) {
        #expect(JSON.number(value).text == text)
    }

    @Test(arguments: [0, 7, -1, 10, .max, .min] as [Int64])
    func `an integer is written in full`(value: Int64) {
        #expect(JSON.integer(value).text == String(value))
    }

    @Test func `what would end a string is escaped`() {
        #expect(
            JSON.string("a\"b\\c\n\r\t\u{1}\u{1f}é😀 and plain").text
                == #""a\"b\\c\n\r\t\u0001\u001fé😀 and plain""#
        )
    }
}
