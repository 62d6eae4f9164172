package import NIOCore

/// What a client sends, for as long as it keeps pace.
package struct PacedRequest<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Base.Element == ByteBuffer {
    private let base: Base
    private let pace: Pace

    package init(_ base: Base, _ pace: Pace) {
        self.base = base
        self.pace = pace
    }

    package struct Iterator: AsyncIteratorProtocol {
        private var base: Base.AsyncIterator
        private var meter: Pace.Meter

        init(_ base: Base.AsyncIterator, _ meter: Pace.Meter) {
            self.base = base
            self.meter = meter
        }

        package mutating func next() async throws -> ByteBuffer? {
            let start = ContinuousClock.now
            guard let piece = try await base.next() else { return nil }
            try meter.note(piece.readableBytes, after: .now - start)
            return piece
        }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(base.makeAsyncIterator(), Pace.Meter(pace))
    }
}
