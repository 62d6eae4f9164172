import ObjectStore
import Testing

@testable import Web

@Suite struct NotebookCacheTests {
    private static func key(_ number: UInt8) -> NotebookCache.Key {
        .artifact(ContentHash(bytes: [UInt8](repeating: number, count: 32)))
    }

    /// Reads through a cache, and tells how often the file itself was read.
    private final class Reader {
        let cache: NotebookCache
        private(set) var reads = 0

        init(_ cache: NotebookCache) { self.cache = cache }

        func read(_ number: UInt8, _ text: String = #"{"cells": []}"#) async throws -> Notebook? {
            try await cache.notebook(key(number)) {
                reads += 1
                return Array(text.utf8)
            }
        }
    }

    @Test func `a notebook is taken apart once`() async throws {
        let reader = Reader(NotebookCache())

        for _ in 0..<3 { #expect(try await reader.read(1) != nil) }
        for _ in 0..<3 { #expect(try await reader.read(2, "none") == nil) }

        #expect(reader.reads == 2)
    }

    @Test func `the one that rested longest makes room`() async throws {
        let reader = Reader(NotebookCache(mostBytes: 30))

        for number: UInt8 in [1, 2, 1, 3] { _ = try await reader.read(number) }
        #expect(reader.reads == 3)
        _ = try await reader.read(1)
        #expect(reader.reads == 3)
        _ = try await reader.read(2)
        #expect(reader.reads == 4)
    }

    @Test func `what is larger than all that is kept is read each time`() async throws {
        let reader = Reader(NotebookCache(mostBytes: 5))

        for _ in 0..<2 { #expect(try await reader.read(1) != nil) }

        #expect(reader.reads == 2)
    }
}
