import Core
import ObjectStore
import Testing

@testable import Web

@Suite struct ArtifactTests {
    @Test(arguments: [
        ("a.html", "text/html; charset=utf-8"), ("a.svg", "image/svg+xml"), ("a.webp", "image/webp"),
        ("a.py", "text/plain; charset=utf-8"), ("a.xml", "text/plain; charset=utf-8"), ("a.mp4", "video/mp4"),
    ])
    func `what users store is shown with an origin of its own`(name: String, type: String) throws {
        let shown = try #require(InlineType(name))

        #expect(shown.text == type)
        #expect(shown.policy.hasPrefix("sandbox allow-scripts; default-src 'none'"))
    }

    @Test(arguments: ["model.pkl", "a.xhtml", "a", "a.swf", "a.wasm", "a.zip"])
    func `what a browser cannot show is only saved`(name: String) {
        #expect(InlineType(name) == nil)
    }

    @Test(
        arguments: [
            ([0x61, 0xC3, 0xA4], true, "aä"), ([0x61, 0xC3], false, "a"),
            ([0x61, 0xF0, 0x9F, 0x98], false, "a"),
            ([0xEF, 0xBB, 0xBF, 0x61], true, "a"), ([0x61, 0xC3], true, nil), ([0x61, 0x00], true, nil),
            ([], true, ""),
        ] as [([UInt8], Bool, String?)]
    )
    func `text is told from other bytes`(bytes: [UInt8], isWhole: Bool, text: String?) {
        #expect(FileText(bytes, isWhole: isWhole)?.text == text)
    }

    @Test(arguments: [
        ("loss+step+3+timestamp+1795462976708+ab-c.png", "loss", 3),
        ("samples%step%-1%timestamp%1795462976708%5a96.png", "samples", -1),
    ])
    func `the name of a logged image says its key and step`(name: String, key: String, step: Int64) throws {
        let image = try #require(ImageGallery.image(name, in: try ArtifactPath("images")))

        #expect((image.key, image.step) == (key, step))
        #expect(image.path.text == "images/" + name)
    }

    @Test(arguments: [
        ("b.png", "docs/b.png"), ("./b.png", "docs/b.png"), ("../images/b.png", "images/b.png"),
        ("my%20b.png#x", "docs/my b.png"), ("../../b.png", nil), ("/b.png", nil),
        ("https://example.org/b.png", nil),
        ("javascript:alert(1)", nil), ("#top", nil), ("%2e%2e/b.png", nil), ("a:b", nil),
    ])
    func `an address in a text is read from the folder of the text`(address: String, path: String?) throws {
        let folder = try ArtifactPath("docs")

        #expect(RelativeAddress(address)?.path(from: folder)?.text == path)
    }

    @Test(arguments: [
        "loss+step+3+timestamp+1+ab+compressed.webp", "a.png", "loss+step+x+timestamp+1+ab.png", "",
    ])
    func `other names are no logged images`(name: String) {
        #expect(ImageGallery.image(name, in: nil) == nil)
    }

    @Test func `a header of a tar holds a long name and a large size`() {
        let path = String(repeating: "ä", count: 200)

        let bytes = TarHeader(path: path, sizeBytes: 1 << 40, modifiedMs: 0).bytes

        #expect(bytes.count % TarHeader.blockBytes == 0)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("410 path=\(path)\n"))
        #expect(text.contains("22 size=1099511627776\n"))
    }

    @Test(arguments: [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n", "<f8", "(2, 3)"),
        ("{'descr': '|b1', 'fortran_order': True, 'shape': (), }", "|b1", "()"),
    ])
    func `a file of NumPy says its type and shape`(header: String, type: String, shape: String) {
        let length = UInt8(header.utf8.count)
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, length, 0] + Array(header.utf8) + [0, 0]

        #expect(ArrayHeader(bytes)?.type == type)
        #expect(ArrayHeader(bytes)?.shape == shape)
    }

    @Test(arguments: [
        [], [0x93], [0x93] + Array("NUMPY".utf8) + [1, 0, 255, 255, 0],
        Array("plain text of some length".utf8),
    ])
    func `another file says no such thing`(bytes: [UInt8]) {
        #expect(ArrayHeader(bytes) == nil)
    }

    @Test func `lines are counted as editors count them`() throws {
        func numbers(_ text: String) throws -> Int {
            let file = try #require(FileText(Array(text.utf8), isWhole: true))
            let view = CodeView(text: file, language: "", whole: Address("/x"))
            return view.html.text.split(separator: "<a id=\"L").count - 1
        }

        #expect(
            try [numbers(""), numbers("a"), numbers("a\n"), numbers("a\nb"), numbers("\n\n")] == [
                1, 1, 1, 2, 2,
            ]
        )
    }
}

@Suite struct SchemaTableTests {
    @Test(arguments: [
        (
            #"{"mlflow_colspec": [{"type": "double", "name": "x", "required": true}]}"#,
            SchemaTable.Column(name: "x", type: "double", notes: "")
        ),
        (
            #"{"mlflow_tensorspec": {"features": "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", \"shape\": [-1, 3]}}]"}}"#,
            SchemaTable.Column(name: "–", type: "tensor float64 [-1,3]", notes: "")
        ),
    ])
    func `a dataset's columns are read`(text: String, column: SchemaTable.Column) throws {
        #expect(try SchemaTable(dataset: JSON(parsing: text))?.columns == [column])
    }

    @Test func `a model's columns are read`() throws {
        let json = try JSON(
            parsing:
                #"[{"type":"string","name":"a","required":false},{"type":"array","items":{"type":"long"},"name":"b"},{"name":"t","type":"float","default":0.5,"shape":null}]"#
        )

        #expect(
            SchemaTable(json)?.columns == [
                .init(name: "a", type: "string", notes: "optional"),
                .init(name: "b", type: "array of long", notes: ""),
                .init(name: "t", type: "float", notes: "default 0.5"),
            ]
        )
    }

    @Test(arguments: ["{}", "[]", "[1]", "\"x\"", #"[{"name": "x"}]"#])
    func `what is no list of columns is not shown as one`(text: String) throws {
        #expect(try SchemaTable(JSON(parsing: text)) == nil)
    }
}
