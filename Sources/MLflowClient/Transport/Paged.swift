/// All elements of a list that a server gives page by page; each page is asked for when it is needed.
public struct Paged<Element: Sendable>: AsyncSequence, Sendable {
    struct Page: Sendable {
        let elements: [Element]
        let nextPageToken: String?
    }

    private let fetch: @Sendable (_ token: String?) async throws -> Page

    init(_ fetch: @escaping @Sendable (_ token: String?) async throws -> Page) {
        self.fetch = fetch
    }

    public func makeAsyncIterator() -> Iterator { Iterator(fetch: fetch) }

    /// Goes through the pages; one page is in memory at a time.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let fetch: @Sendable (_ token: String?) async throws -> Page
        private var elements: ArraySlice<Element> = []
        private var token: String?
        private var isLastPage = false

        fileprivate init(fetch: @escaping @Sendable (_ token: String?) async throws -> Page) {
            self.fetch = fetch
        }

        public mutating func next() async throws -> Element? {
            while elements.isEmpty {
                guard !isLastPage else { return nil }
                let page = try await fetch(token)
                elements = page.elements[...]
                token = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
                isLastPage = token == nil
            }
            return elements.removeFirst()
        }
    }
}
