import Core
import Testing

@Suite struct JSONReaderTests {
    @Test func `a body is decoded by hand`() throws {
        let body =
            #"{"x": [1, {"deep": "}"}], "run\u005fid": "r", "metrics": [{"value": 0.5}, {}], "last": true}"#
        var id: String?
        var values: [Double] = []
        var last = false

        try JSONReader.read(Array(body.utf8)) { reader in
            try reader.enterObject()
            while let key = try reader.nextKey() {
                switch key {
                case "run_id": id = try reader.string()
                case "metrics":
                    try reader.enterArray()
                    while try reader.nextElement() {
                        try reader.enterObject()
                        while let key = try reader.nextKey() {
                            if key == "value" {
                                values.append(try reader.number().double)
                            } else {
                                try reader.skip()
                            }
                        }
                    }
                case "last": last = try reader.boolean()
                default: try reader.skip()
                }
            }
            try reader.finish()
        }

        #expect(id == "r")
        #expect(values == [0.5])
        #expect(last)
    }

    @Test func `the kind of a value is known before it is read`() throws {
        try JSONReader.read(Array(#"[null, true, -1, "s", [], {}]"#.utf8)) { reader in
            var kinds: [JSONReader.Kind] = []
            try reader.enterArray()
            while try reader.nextElement() {
                kinds.append(try reader.peek())
                try reader.skip()
            }
            #expect(kinds == [.null, .boolean, .number, .string, .array, .object])
        }
    }

    @Test func `asking for the wrong kind is an error`() throws {
        #expect(throws: JSONError(message: "expected a string", position: 0)) {
            try JSONReader.read(Array("1".utf8)) { try $0.string() }
        }
    }
}
