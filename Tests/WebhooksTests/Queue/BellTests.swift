import Testing

import Webhooks

@Suite struct BellTests {
    @Test func `a ring wakes who waits, also one that came before`() async {
        let bell = Bell()
        let start = ContinuousClock.now

        // Among all tests at once, a turn may take half a minute to come.
        bell.ring()
        await bell.wait(atMost: .seconds(600))
        async let waits: Void = bell.wait(atMost: .seconds(600))
        bell.ring()
        await waits

        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test func `nobody waits longer than said`() async {
        await Bell().wait(atMost: .milliseconds(1))
    }
}
