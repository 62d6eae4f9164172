import Core
import ObjectStore
import Testing

@testable import Web

@Suite struct ModelTextTests {
    @Test(arguments: [
        ("", ModelsPage.Kind.models, nil),
        ("iris", .models, "(name ILIKE '%iris%')"),
        ("name = 'iris'", .models, "(name = 'iris')"),
        ("", .prompts, "(tags.`mlflow.prompt.is_prompt` = 'true')"),
        ("greet", .prompts, "(name ILIKE '%greet%') AND (tags.`mlflow.prompt.is_prompt` = 'true')"),
        ("o'neill", .models, "(o'neill)"),
    ])
    func `words are a part of a name, and all else a filter`(
        text: String,
        kind: ModelsPage.Kind,
        filter: String?
    ) {
        #expect(ModelsPage.filter(text, kind) == filter)
    }

    @Test(arguments: [
        ("mlflow-artifacts:/1/models/m-1/artifacts", "1/models/m-1/artifacts"),
        ("mlflow-artifacts://host:80/1/a", "1/a"), ("mlflow-artifacts:/../1", nil), ("s3://bucket/a", nil),
        ("mlflow-artifacts:/1/%2e%2e/2", nil), ("/etc/passwd", nil), ("mlflow-artifacts:", nil),
    ])
    func `an address of the store is a path in it`(address: String, path: String?) {
        #expect(VersionFolder.storePath(of: address)?.text == path)
    }

    @Test(arguments: [
        ("models:/iris@champion", "models:/iris@champion"), ("two words", "'two words'"),
        ("o'neill; rm -rf $HOME", #"'o'\''neill; rm -rf $HOME'"#), ("", "''"),
    ])
    func `a text is one word to a shell`(text: String, word: String) {
        #expect(Quoted.shell(text) == word)
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("1970-01-01T00:00", 0), ("2026-11-26T12:30", 1_795_696_200_000),
        ("2024-02-29T23:59:59", 1_709_251_199_000), ("2026-13-01", nil), ("2026-11-26T24:00", nil),
        ("yesterday", nil), ("", nil), ("2026-11-26T+1:00", nil),
    ])
    func `a moment is read in UTC`(text: String, ms: Int64?) {
        #expect(UTCMoment(text)?.epochMs == ms)
    }

    @Test func `what became of lines is told line by line`() {
        let difference = LineDifference(from: "a\nb\nc", to: "a\nx\nc\nd")

        #expect(difference.lines == [.same("a"), .removed("b"), .added("x"), .same("c"), .added("d")])
        #expect(difference.hasChanges)
        #expect(!LineDifference(from: "a", to: "a").hasChanges)
        #expect(
            LineDifference(from: "", to: "<b>").html.text.contains("<ins class=\"line\">+ &lt;b&gt;</ins>")
        )
    }

    @Test func `a template says which words it takes`() {
        let prompt = PromptText([
            Tag(key: "mlflow.prompt.text", value: "Hello {{ name }} and {{other}}, {{name}}, {{ }}, {{open")
        ])

        #expect(prompt.variables == ["name", "other"])
        #expect(prompt.readable == prompt.text)
    }

    @Test func `a chat is read as who says what`() {
        let prompt = PromptText([
            Tag(
                key: "mlflow.prompt.text",
                value: #"[{"role":"system","content":"Be kind."},{"role":"user","content":"{{question}}"}]"#
            ),
            Tag(key: "_mlflow_prompt_type", value: "chat"),
        ])

        #expect(prompt.readable == "system:\nBe kind.\n\nuser:\n{{question}}")
    }
}
