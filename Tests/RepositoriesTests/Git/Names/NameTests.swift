import Core
import Repositories
import Testing

@Suite struct NameTests {
    @Test(arguments: ["main", "feature/a/b", "v1.0", "ümlaut", "a@b", "a-b", "x{y}", "facade", "a.b/c"])
    func `a name that git takes is a name`(text: String) async throws {
        #expect(try BranchName(text).ref == "refs/heads/" + text)
        #expect(try TagName(text).ref == "refs/tags/" + text)
    }

    @Test(arguments: [
        "", "@", "-x", "--exec=id", "a..b", "a b", "a~1", "a^", "a:b", "a?b", "a*b", "a[b", "a\\b", "a@{b",
        "/a", "a/",
        "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "a\u{7F}", "a\nb", "a\u{0}b",
        String(repeating: "a", count: 251),
        String(repeating: "a/", count: 300) + "a",
    ])
    func `a name that git or a program could misread is none`(text: String) async throws {
        #expect(throws: Failure.self) { try BranchName(text) }
        #expect(throws: Failure.self) { try TagName(text) }
        #expect(throws: Failure.self) { try Revision(text) }
    }

    /// A branch `HEAD/x` keeps everybody from cloning; `refs/heads/z` would be found where `z` is asked for.
    @Test(arguments: ["HEAD", "HEAD/x", "@", "refs/heads/z", "refs/x"])
    func `a branch is not called what stands for something else`(text: String) {
        #expect(throws: Failure.self) { try BranchName(text) }
    }

    @Test(arguments: ["HEADS", "HEADS/x", "x/HEAD", "head/x", "@x", "x/@", "refs", "x/refs/y"])
    func `what only looks like it can be a branch`(text: String) throws {
        #expect(try BranchName(text).text == text)
    }

    @Test(arguments: [
        "main~3", "main^", "main@{1}", "@{u}", ":/text", "main^{/text}", "a...b", "main:README.md",
    ])
    func `git's grammar of revisions is not understood`(text: String) {
        #expect(throws: Failure.self) { try Revision(text) }
    }

    @Test func `a path is what lies between its slashes`() throws {
        #expect(try TreePath("").isRoot)
        #expect(try TreePath("/").isRoot)
        #expect(try TreePath("/a/b/").description == "a/b")
        #expect(try TreePath("a/b").folder.description == "a")
        #expect(try TreePath(bytes: [0x61, 0xFF]).percentEncoded == "a%ff")
        #expect(try TreePath("a b/ü").percentEncoded == "a%20b/%c3%bc")
    }

    @Test(arguments: ["..", "a/../b", ".", "a/./b", "a//b", "a\u{0}b", String(repeating: "a", count: 4_097)])
    func `a path stays in its tree`(text: String) {
        #expect(throws: Failure.self) { try TreePath(text) }
    }

    @Test(arguments: [
        ".git", ".GIT", ".Git/config", "a/.git/hooks/post-update", "git~1", "GIT~1/x", ".git ", ".git.",
        ".git. .",
        ".git::$INDEX_ALLOCATION", ".g\u{200C}it", "\u{FEFF}.git", "a\\b", "a\nb", "a\u{1}", "",
        String(repeating: "n", count: 256),
    ])
    func `what a file system may take for git's own cannot be written`(text: String) {
        #expect(throws: Failure.self) { try WritablePath(text) }
    }

    @Test(arguments: [
        ".gitignore", ".github/workflows/x.yml", "a.git", "git", "git~2", "hooks/post-update", "ü", "-x",
    ])
    func `what only looks like it can be written`(text: String) throws {
        #expect(try WritablePath(text).path.description == text)
    }
}
