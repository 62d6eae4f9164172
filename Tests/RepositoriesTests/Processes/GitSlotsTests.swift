import Core
import Testing

@testable import Repositories

@Suite struct GitSlotsTests {
    @Test func `who comes when too many wait is told so`() async throws {
        let slots = GitSlots(count: 1)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<140 {
                group.addTask {
                    do {
                        try await slots.hold { for await _ in gate { break } }
                        return true
                    } catch let failure as Failure {
                        return failure.code != .unavailable
                    } catch {
                        return true
                    }
                }
            }
            var refused = 0
            // One holds the slot and 128 wait: the others are refused at once, and only then may those go on.
            while refused < 11, let isServed = await group.next() { refused += isServed ? 0 : 1 }
            open.finish()
            var served = 0
            for await isServed in group { served += isServed ? 1 : 0 }
            return (refused, served)
        }
        #expect(outcomes == (11, 129))
    }

    @Test func `a client has half of the slots, and others need not wait for it`() async throws {
        let slots = GitSlots(count: 4)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (begun, note) = AsyncStream.makeStream(of: Void.self)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<80 {
                group.addTask {
                    do {
                        try await slots.hold(for: "slow") {
                            note.yield()
                            for await _ in gate { break }
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            // Two have slots, 64 wait, and the others are refused at once.
            var refused = 0
            while refused < 14, let isServed = await group.next() { refused += isServed ? 0 : 1 }
            var slow = begun.makeAsyncIterator()
            for _ in 0..<2 { await slow.next() }
            for client in ["other", nil] {
                await #expect(throws: Never.self) { try await slots.hold(for: client) {} }
            }
            open.finish()
            var served = 0
            for await isServed in group { served += isServed ? 1 : 0 }
            #expect(refused == 14 && served == 66)
        }
    }
}
