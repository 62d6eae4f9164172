import Core
import NIOCore
import Synchronization

/// What open pages watch, and what they were told last.
///
/// A thing is read once for all who watch it, however many they are, and told only when it has changed. So it costs no
/// request that logs anything, and it sees what other processes on the same database do.
package final class LiveBoard: Sendable {
    /// What is watched.
    struct Topic: Hashable, Sendable {
        enum Kind: String, Sendable {
            case run, experiment, artifacts, home

            /// Whether what is told is how things are, rather than what has just happened.
            var isState: Bool { self != .experiment }
        }

        let workspace: WorkspaceID
        let kind: Kind
        let id: String
    }

    /// Reads what a topic is now: the data of a message, without line breaks; nil for nothing to tell.
    typealias Reader = @Sendable (Topic) async throws -> [UInt8]?

    /// How often things are looked at.
    static let pause = Duration.milliseconds(400)
    /// After so long a stream ends; the page comes again, and its rights are asked anew.
    private static let longestStream = Duration.seconds(300)
    private static let standardPauseBetweenPings = Duration.seconds(10)

    /// How much somebody may watch at a time.
    ///
    /// Security: each stream holds memory, and each thing that is watched is read again and again.
    struct Bounds: Sendable {
        /// One a tab.
        let streams: Int
        /// Different ones; a table of a hundred runs has as many.
        let topics: Int

        static let person = Bounds(streams: 2_000, topics: 500)
        /// Of all who are behind one address.
        static let strangers = Bounds(streams: 50, topics: 500)
        /// Of all together, where nobody signs in.
        static let everybody = Bounds(streams: 2_000, topics: 2_000)
    }

    /// What somebody watches, and by how many streams.
    private struct Share {
        var streams = 0
        var topics: [Topic: Int] = [:]
    }

    private struct Listener {
        let stream: AsyncStream<ByteBuffer>.Continuation
        let topics: Set<Topic>
        let person: String
        /// Whether they may still hear it.
        let isWelcome: @Sendable () async -> Bool
        let end: ContinuousClock.Instant
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var watched: [Topic: Watched] = [:]
        var shares: [String: Share] = [:]
        var next = 0
        var isEnded = false

        /// Counts a stream; why it may not be, where there are too many.
        mutating func take(_ topics: Set<Topic>, for person: String, within bounds: Bounds) -> Failure? {
            var share = shares[person] ?? Share()
            guard share.streams < bounds.streams else {
                return .unavailable("\(person) has \(share.streams) streams open, and may have no more.")
            }
            share.streams += 1
            for topic in topics { share.topics[topic, default: 0] += 1 }
            guard share.topics.count <= bounds.topics else {
                return .unavailable("\(person) may watch \(bounds.topics) things at a time in all tabs.")
            }
            shares[person] = share
            return nil
        }

        mutating func giveBack(_ topics: Set<Topic>, of person: String) {
            guard var share = shares.removeValue(forKey: person) else { return }
            share.streams -= 1
            for topic in topics {
                let left = share.topics[topic, default: 1] - 1
                share.topics[topic] = left > 0 ? left : nil
            }
            if share.streams > 0 { shares[person] = share }
        }
    }

    private struct Watched {
        var listeners: Set<Int> = []
        var last: [UInt8]?
    }

    private let state = Mutex(State())
    private let pauseBetweenPings: Duration

    /// - Parameter pauseBetweenPings: How often every stream hears that the server is there, and is asked for its right.
    init(pauseBetweenPings: Duration = standardPauseBetweenPings) {
        self.pauseBetweenPings = pauseBetweenPings
    }

    /// Begins to listen; what is known of the topics is told at once.
    ///
    /// - Parameters:
    ///   - topics: What to hear of.
    ///   - person: Who listens.
    ///   - bounds: How much they may watch.
    ///   - isWelcome: Whether they may still; asked with every ping, and a stream ends where it is false.
    /// - Returns: Messages.
    /// - Throws: `Failure.unavailable` for somebody who watches so much already.
    func listen(
        to topics: Set<Topic>,
        by person: String,
        within bounds: Bounds = .person,
        while isWelcome: @escaping @Sendable () async -> Bool
    ) throws(Failure) -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self,
            bufferingPolicy: .bufferingNewest(64)
        )
        let (id, known, refusal) = state.withLock { state -> (Int?, [ByteBuffer], Failure?) in
            guard !state.isEnded else { return (nil, [], nil) }
            if let refusal = state.take(topics, for: person, within: bounds) { return (nil, [], refusal) }
            let id = state.next
            state.next += 1
            state.listeners[id] = Listener(
                stream: continuation,
                topics: topics,
                person: person,
                isWelcome: isWelcome,
                end: .now + Self.longestStream
            )
            var known: [ByteBuffer] = []
            for topic in topics {
                state.watched[topic, default: Watched()].listeners.insert(id)
                guard topic.kind.isState, let last = state.watched[topic]?.last else { continue }
                known.append(Self.message(topic, last))
            }
            return (id, known, nil)
        }
        if let refusal { throw refusal }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        for message in known { continuation.yield(message) }
        return stream
    }

    /// Looks at what is watched until the task is cancelled.
    ///
    /// - Parameters:
    ///   - read: Reads a topic.
    ///   - failed: Is told of what could not be read; the next look may go better.
    func run(read: Reader, failed: @Sendable (any Error) -> Void) async {
        var nextPing = ContinuousClock.now + pauseBetweenPings
        while !Task.isCancelled {
            for topic in state.withLock({ Array($0.watched.keys) }) {
                do {
                    if let data = try await read(topic) { tell(topic, data) }
                } catch is CancellationError {
                    return
                } catch {
                    failed(error)
                }
            }
            endOldStreams()
            if ContinuousClock.now > nextPing {
                await ping()
                nextPing = .now + pauseBetweenPings
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    /// Ends every stream, and begins none any more.
    package func end() {
        let listeners = state.withLock { state in
            state.isEnded = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.stream.finish() }
    }

    /// How many streams are open.
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// What somebody watches.
    var topics: Set<Topic> { state.withLock { Set($0.watched.keys) } }

    private func tell(_ topic: Topic, _ data: [UInt8]) {
        let listeners = state.withLock { state -> [Listener] in
            guard let watched = state.watched[topic], watched.last != data else { return [] }
            state.watched[topic]?.last = data
            return watched.listeners.compactMap { state.listeners[$0] }
        }
        guard !listeners.isEmpty else { return }
        let message = Self.message(topic, data)
        for listener in listeners { listener.stream.yield(message) }
    }

    private func ping() async {
        for listener in state.withLock({ Array($0.listeners.values) }) {
            // Security: nobody hears of what was taken from them, or goes on after they signed out.
            if await listener.isWelcome() {
                listener.stream.yield(ByteBuffer(string: ": still here\n\n"))
            } else {
                listener.stream.finish()
            }
        }
    }

    private func endOldStreams() {
        let old = state.withLock { state in state.listeners.values.filter { $0.end < .now } }
        for listener in old { listener.stream.finish() }
    }

    private func forget(_ id: Int) {
        state.withLock { state in
            guard let listener = state.listeners.removeValue(forKey: id) else { return }
            for topic in listener.topics {
                state.watched[topic]?.listeners.remove(id)
                if state.watched[topic]?.listeners.isEmpty == true { state.watched[topic] = nil }
            }
            state.giveBack(listener.topics, of: listener.person)
        }
    }

    /// - Source: WHATWG HTML, 9.2, server-sent events.
    private static func message(_ topic: Topic, _ data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(topic.kind.rawValue)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }
}
