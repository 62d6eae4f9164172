internal import Glibc
internal import NIOCore
internal import NIOPosix
import Synchronization

/// Says at which addresses a host is.
package struct Resolver: Sendable {
    /// Throws `OutboundError.unresolved`.
    let addresses: @Sendable (_ host: String) async throws -> [NetworkAddress]

    package init(addresses: @escaping @Sendable (_ host: String) async throws -> [NetworkAddress]) {
        self.addresses = addresses
    }

    /// What the system says, within five seconds.
    package static let system = Resolver { host in
        try await withCheckedThrowingContinuation { continuation in
            let first = FirstAnswer(continuation)
            MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: .seconds(timeoutSeconds)) {
                let reason = "no answer within \(timeoutSeconds) seconds"
                let error = first.hasBegun ? OutboundError.unresolved(host, reason) : .busy
                first.give(.failure(error))
            }
            threads.submit { _ in
                // Nobody waits for it any more: the next in the queue is not to wait for it either.
                guard first.begin() else { return }
                first.give(Result { try lookUp(host) })
            }
        }
    }

    private static let timeoutSeconds: Int64 = 5

    /// Of its own, so that a server of names that does not answer holds up nothing else.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        return threads
    }()

    private static func lookUp(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else {
            throw OutboundError.unresolved(host, "[Errno \(code)] \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(found) }
        return sequence(first: found) { $0?.pointee.ai_next }.prefix { $0 != nil }
            .compactMap { $0.flatMap(address) }
    }

    private static func address(_ entry: UnsafeMutablePointer<addrinfo>) -> NetworkAddress? {
        guard let place = UnsafeMutableRawPointer(entry.pointee.ai_addr) else { return nil }
        switch entry.pointee.ai_family {
        case AF_INET:
            let four = place.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: four) { [UInt8]($0) })
        case AF_INET6:
            let six = place.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: six) { [UInt8]($0) })
        default: return nil
        }
    }
}

/// Hands on the first of several answers and drops the others.
private final class FirstAnswer: Sendable {
    private typealias Continuation = CheckedContinuation<[NetworkAddress], any Error>

    private struct State {
        var continuation: Continuation?
        var hasBegun = false
    }

    private let state: Mutex<State>

    init(_ continuation: CheckedContinuation<[NetworkAddress], any Error>) {
        state = Mutex(State(continuation: continuation))
    }

    /// Whether somebody has asked the system by now.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// False where there was an answer before anybody asked.
    func begin() -> Bool {
        state.withLock { state in
            state.hasBegun = state.continuation != nil
            return state.hasBegun
        }
    }

    func give(_ result: Result<[NetworkAddress], any Error>) {
        state.withLock { $0.continuation.take() }?.resume(with: result)
    }
}
