import Testing

@testable import Web

@Suite struct BlockYAMLTests {
    @Test func `a model's file is read`() {
        let file = BlockYAML(
            """
            artifact_path: model
            flavors:
              python_function:
                env:
                  conda: conda.yaml
                loader_module: mlflow.sklearn
              sklearn:
                code: null
            mlflow_version: 3.17.2
            signature:
              inputs: '[{"type": "double", "name": "a ''b''"},
                {"type": "long", "name": "c"}]'
              params: null
            wide: "one \\
              two\\n"
            """
        )

        #expect(file["flavors"]?.members.map(\.key) == ["python_function", "sklearn"])
        #expect(file["flavors"]?["python_function"]?["env"]?["conda"]?.text == "conda.yaml")
        #expect(file["flavors"]?["sklearn"]?["code"]?.text == nil)
        #expect(
            file["signature"]?["inputs"]?.text
                == #"[{"type": "double", "name": "a 'b'"}, {"type": "long", "name": "c"}]"#
        )
        #expect(file["mlflow_version"]?.text == "3.17.2")
        #expect(file["wide"]?.text == "one two\n")
    }

    /// A second is a hundred times as long as it takes; going through the text for each line takes minutes.
    @Test(.timeLimit(.minutes(1)))
    func `a quote that nobody closes takes no longer than its text`() {
        let started = ContinuousClock.now
        let file = BlockYAML("a: \"" + String(repeating: "b\n", count: 100_000))

        #expect(file["a"] == nil || file["a"]?.text?.isEmpty == false)
        #expect(ContinuousClock.now - started < .seconds(10))
    }

    @Test(arguments: [
        (
            "a:\n- 1\n- 2\nb: 3",
            BlockYAML.mapping([
                .init(key: "a", value: .list([.scalar("1"), .scalar("2")])),
                .init(key: "b", value: .scalar("3")),
            ])
        ),
        (
            "- name: x\n  type: y\n- z",
            .list([
                .mapping([.init(key: "name", value: .scalar("x")), .init(key: "type", value: .scalar("y"))]),
                .scalar("z"),
            ])
        ),
        (
            "a: |\n  one\n    two\nb: >\n  c\n  d",
            .mapping([
                .init(key: "a", value: .scalar("one\n  two")), .init(key: "b", value: .scalar("c d")),
            ])
        ),
        ("'q: r': \"s\"", .mapping([.init(key: "q: r", value: .scalar("s"))])),
        ("", .scalar("")), ("just text", .scalar("just text")),
    ])
    func `lists, blocks and quotes are read`(text: String, value: BlockYAML) {
        #expect(BlockYAML(text) == value)
    }

    @Test(arguments: [
        String(repeating: "- ", count: 10_000), String(repeating: "[", count: 100_000), "a: 'never closed",
        (0..<2_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        "  a: 1\n b: 2\nc: 3",
        "a: &x [1]\nb: *x", "\t- a", ": : :\n:", "a:\n  - b\n c",
    ])
    func `whatever a file holds, it is read to an end`(text: String) {
        _ = BlockYAML(text)
    }
}
