import Accounts
import Core
import Testing

@Suite struct NameTests {
    @Test(arguments: ["ann", "Ann-B_1.c", "0x", "a", "a.gitx"])
    func `letters, digits and three signs make a name`(text: String) throws {
        #expect(try AccountName(text).key == text.lowercased())
        #expect(try RepositoryName(text).text == text)
    }

    @Test(
        arguments: [
            "", ".", "..", "-x", "--upload-pack=x", "_a", ".git", "a.git", "a.GIT", "a.mlflow", "a.dvc",
            "a.s3", "a.lock",
            "a.wiki", "a.", "a..b", "a/b", "a\\b", "a b", "a\n", "a\0", "ä", "a%2e", "$(a)", "`a`", "a;b",
            "a:b", "a~1", "\u{202E}a",
            String(repeating: "a", count: 101),
        ]
    )
    func `what could be a path, an option or a command is no name`(text: String) {
        #expect(throws: Failure.self) { try AccountName(text) }
        #expect(throws: Failure.self) { try RepositoryName(text) }
    }

    @Test(arguments: ["api", "API", "ajax-api", "login", "metrics", "settings", "static-files", "anonymous"])
    func `the server's own addresses are nobody's`(text: String) {
        #expect(throws: Failure.self) { try AccountName(text) }
    }

    @Test(arguments: ["local", "Local"])
    func `the person at the machine is found by a name that nobody else is given`(text: String) throws {
        let name = try AccountName(text)

        #expect(throws: Failure.self) { try NewPerson(login: name) }
    }
}
