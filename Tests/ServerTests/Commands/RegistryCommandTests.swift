import ArgumentParser
import Core
import Testing

@testable import Server

@Suite struct RegistryCommandTests {
    @Test(arguments: [
        ["registry", "list", "--filter", "name = 'iris'", "--limit", "5", "--json"],
        ["registry", "show", "iris", "--server", "http://127.0.0.1:5000"],
        ["registry", "show", "iris", "--version", "@champion"],
        ["registry", "versions", "iris", "--filter", "tags.a = 'b'", "--page-token", "x"],
        ["registry", "alias", "get", "iris", "champion"],
        ["registry", "history", "iris", "--alias", "champion", "--data", "/srv/roost"],
        ["registry", "alias", "set", "iris", "champion", "3", "--comment", "better", "--as", "bob"],
        ["registry", "alias", "delete", "iris", "champion"],
        ["registry", "alias", "rollback", "iris", "champion", "--to", "2026-03-01T12:00:00Z"],
        ["registry", "alias", "at", "iris", "champion", "2026-03-01T12:00:00Z"],
        ["registry", "stage", "iris", "3", "Production", "--archive-existing"],
        ["registry", "delete", "iris", "--version", "3", "--force"],
        ["registry", "create", "iris", "--tag", "team=red", "--tag", "a=b=c", "--description", "**Iris**"],
        ["registry", "register", "iris", "models:/petal/3", "--run", "8f0c"],
        ["registry", "rename", "iris", "petal"], ["registry", "describe", "iris", "", "--version", "3"],
        ["registry", "tag", "iris", "team", "red"], ["registry", "tag", "iris", "team", "--remove"],
        ["registry", "prompts", "list"], ["registry", "prompts", "show", "greet", "1"],
        ["registry", "prompts", "show", "greet", "@prod"],
        ["registry", "prompts", "register", "greet", "Hello {{name}}", "--message", "shorter"],
        ["registry", "webhooks", "list", "--json"],
        ["registry", "webhooks", "create", "ci", "https://ci.example", "--event", "model_version.created"],
        ["registry", "webhooks", "update", "4f", "--status", "disabled"],
        ["registry", "webhooks", "delete", "4f"], ["registry", "webhooks", "test", "4f"],
        ["registry", "webhooks", "deliveries", "4f", "--status", "failed"],
        ["registry", "webhooks", "show-delivery", "4f", "0b"],
        ["registry", "webhooks", "send-again", "4f", "0b"],
        ["registry", "webhooks", "rotate-key", "--json"],
        ["registry", "approvals", "rule", "iris"],
        ["registry", "approvals", "rule", "iris", "--alias", "*", "--approvals", "2", "--allow-own"],
        ["registry", "approvals", "rule", "iris", "--stage", "Production", "--remove"],
        ["registry", "approvals", "list", "iris", "--state", "open"],
        ["registry", "approvals", "approve", "17"], ["registry", "approvals", "refuse", "17"],
        ["registry", "approvals", "withdraw", "17"],
        ["models", "verify", "models:/iris/3", "--key-id", "ab"],
        ["models", "manifest", "models:/iris/3", "--envelope"], ["models", "sign", "models:/iris/3"],
        ["models", "key", "--rotate"],
    ])
    func `the commands are read`(words: [String]) throws {
        _ = try Roost.parseAsRoot(words)
    }

    @Test(arguments: [
        ["registry", "approvals", "rule", "iris", "--alias", "champion"],
        ["registry", "approvals", "rule", "iris", "--alias", "champion", "--approvals", "2", "--remove"],
        ["registry", "approvals", "approve", "seventeen"], ["registry", "stage", "iris", "3"],
        ["registry", "create", "iris", "--tag", "team"], ["registry", "create", "iris", "--tag", "=red"],
        ["registry", "tag", "iris", "team"], ["registry", "tag", "iris", "team", "red", "--remove"],
        ["registry", "webhooks", "create", "ci", "https://ci.example", "--event", "created"],
        ["registry", "prompts", "register", "my prompt", "Hello"],
        ["registry", "prompts", "register", "greet", "Hello", "--tag", "mlflow.prompt.text=other"],
        ["registry", "show", "iris", "--version", "@"],
        ["registry", "webhooks", "test", "../x"], ["registry", "webhooks", "send-again", "4f", ""],
        ["models", "key", "--rotate", "--server", "http://127.0.0.1:5000"],
        ["registry", "webhooks", "rotate-key", "--server", "http://127.0.0.1:5000"],
    ])
    func `what makes no sense is refused`(words: [String]) {
        #expect(throws: (any Error).self) { try Roost.parseAsRoot(words) }
    }

    @Test func `a table is as wide as it must be`() {
        let table = TextTable(headings: ["NAME", "N"], rows: [["iris", "12"], ["a longer name", ""]])
        #expect(table.text == "NAME           N\niris           12\na longer name")
    }

    @Test func `what others wrote does not speak to the terminal`() throws {
        let event = try JSON(
            parsing: #"{"comment":"a\nb\u001b[2Jc\u009b\u202ed","id":17,"details":{"x":"\u009b"}}"#
        )
        #expect(event.word("comment") == "a b [2Jc  d")
        #expect(event.word("id") == "17")
        #expect(event.word("details") == #"{"x":" "}"#)
        #expect(event.word("none") == "")
    }

    @Test func `a time is a date or milliseconds`() throws {
        #expect(try GivenTime.ms("1970-01-01T00:00:02Z") == 2_000)
        #expect(try GivenTime.ms("1795709073956") == 1_795_709_073_956)
        #expect(throws: SettingError.self) { try GivenTime.ms("yesterday") }
    }

    private static let signed =
        #"{"name":"iris","version":"3","signature":"valid","key_id":"ab","signed_by":"ann","signed_timestamp":1000,"#

    @Test(arguments: [
        (
            signed + #""verified":true,"intact":2,"changed":[],"missing":[],"added":[]}"#,
            "is verified: 2 files are as signed (1970-01-01T00:00:01Z by ann, key ab)."
        ),
        (
            signed + #""verified":false,"intact":0,"changed":["a"],"missing":["b"],"added":["c d"]}"#,
            "is NOT verified: its files are not those that were signed (1970-01-01T00:00:01Z by ann, key ab).\n"
                + "  changed  a\n  missing  b\n  added  c d"
        ),
        (
            #"{"name":"iris","version":"3","verified":false,"signature":"broken","reason":"it cannot be read"}"#,
            "is NOT verified: it cannot be read."
        ),
        (
            #"{"name":"iris","version":"3","verified":false,"signature":"none","reason":"it lies elsewhere"}"#,
            "is not signed: it lies elsewhere."
        ),
    ])
    func `a verification is told in words`(answer: String, text: String) throws {
        let told = VerificationText(try JSON(parsing: answer), uri: "models:/iris@champion", wantedKeyID: nil)
        #expect(told.text == "models:/iris@champion (version 3) " + text)
    }

    @Test func `another key than the wanted one does not do`() throws {
        let answer = try JSON(parsing: Self.signed + #""verified":true,"intact":1}"#)
        #expect(VerificationText(answer, uri: "models:/iris/3", wantedKeyID: "ab").isVerified)
        let other = VerificationText(answer, uri: "models:/iris/3", wantedKeyID: "cd")
        #expect(!other.isVerified)
        #expect(other.text.hasPrefix("models:/iris/3 is NOT verified: it was signed with another key"))
    }
}
