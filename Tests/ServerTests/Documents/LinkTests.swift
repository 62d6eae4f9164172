import FoundationEssentials
import Testing

/// Holds the pages of this repository to one another.
@Suite struct LinkTests {
    @Test func `every link of a page to another file leads somewhere`() throws {
        let pages = try Document.pages()
        try #require(pages.contains("README.md") && pages.contains("docs/architecture.md"))

        for page in pages {
            for link in try Document.text(of: page).matches(of: /\]\(([^)#\s]+)[^)]*\)/).map(\.output.1)
            where !link.contains("://") {
                #expect(Document.exists(String(link), from: page), "\(page) links to \(link)")
            }
        }
    }
}
