import Testing

import Webhooks

@Suite struct BellTests {
    @Test func `a ring wakes who waits, also one that came before`() async {
        let bell = Bell()
        let start = ContinuousClock.now

        bell.ring()
        await bell.wait(atMost: .seconds(60))
        async let waits: Void = bell.wait(atMost: .seconds(60))
        bell.ring()
        await waits

        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `nobody waits longer than said`() async {
        await Bell().wait(atMost: .milliseconds(1))
    }
}
