import Repositories
import Testing

@testable import Web

@Suite struct MarkdownLinksTests {
    private static func resolved(_ address: String, isPicture: Bool = false) throws -> String {
        MarkdownLinks(
            addresses: RepositoryAddresses(base: Address("/ann/iris")),
            revision: ResolvedRevision(
                kind: .branch(try BranchName("a/b")),
                commit: try #require(ObjectID(String(repeating: "0", count: 40)))
            ),
            folder: try TreePath("docs")
        ).resolve(address, isPicture)
    }

    @Test(arguments: [
        ("x.md", "/ann/iris/src/a/b/docs/x.md"), ("./x.md#L3", "/ann/iris/src/a/b/docs/x.md#L3"),
        ("../src/train.py", "/ann/iris/src/a/b/src/train.py"), ("/top.md", "/ann/iris/src/a/b/top.md"),
        ("../../../../etc/passwd", "/ann/iris/src/a/b/etc/passwd"),
        ("a%20b.md", "/ann/iris/src/a/b/docs/a%20b.md"),
        ("x.md?raw=1", "/ann/iris/src/a/b/docs/x.md"), ("..", "/ann/iris/src/a/b"), ("#part", "#part"),
        ("https://example.org/x", "https://example.org/x"), ("//example.org/x", "//example.org/x"),
        ("mailto:ann@example.org", "mailto:ann@example.org"), ("a%00b", ""), ("", ""),
        ("<script>", "/ann/iris/src/a/b/docs/%3cscript%3e"),
    ])
    func `a link leads to a page of the repository`(written: String, address: String) throws {
        #expect(try Self.resolved(written) == address)
    }

    @Test(arguments: [
        ("plot.png", "/ann/iris/raw/a/b/docs/plot.png"), ("https://elsewhere.example/badge.svg", ""),
        ("//elsewhere.example/badge.svg", ""), ("\\\\elsewhere.example/badge.svg", ""),
        ("data:image/png;base64,AA", "data:image/png;base64,AA"),
    ])
    func `a picture comes from the repository or not at all`(written: String, address: String) throws {
        #expect(try Self.resolved(written, isPicture: true) == address)
    }
}
