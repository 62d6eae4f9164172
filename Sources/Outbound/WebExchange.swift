internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// One request and its answer, over a connection of its own to an address that was checked.
struct WebExchange: Sendable {
    let address: WebAddress
    /// Where the host is; the first that takes a connection is asked.
    let places: [NetworkAddress]
    let tls: NIOSSLContext?

    typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private static let connectTimeoutSeconds: Int64 = 5
    /// Of the addresses of a host, so many are tried.
    private static let mostPlaces = 3

    /// - Throws: `OutboundError`, `CancellationError`.
    func post(_ body: [UInt8], headers: [(String, String)]) async throws -> OutboundClient.Answer {
        try await exchange(.POST, body, headers) { try await read($0) }
    }

    /// - Throws: `OutboundError`, `CancellationError`.
    func fetch(
        _ body: [UInt8]?,
        headers: [(String, String)],
        limitBytes: Int
    ) async throws -> OutboundClient.Page {
        try await exchange(body == nil ? .GET : .POST, body ?? [], headers) {
            try await readWhole($0, limitBytes: limitBytes)
        }
    }

    private func exchange<T: Sendable>(
        _ method: HTTPMethod,
        _ body: [UInt8],
        _ headers: [(String, String)],
        _ read: (NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> T
    ) async throws -> T {
        let length = method == .GET ? [] : [("Content-Length", "\(body.count)")]
        let (request, bytes) = (head(method, headers + length), ByteBuffer(bytes: body))
        let connection = try await connect()
        do {
            return try await connection.executeThenClose { inbound, outbound in
                // At once, because whoever needs no body may answer and hang up as soon as there is a head.
                let parts: [HTTPClientRequestPart] = [.head(request), .body(.byteBuffer(bytes)), .end(nil)]
                try await outbound.write(contentsOf: method == .GET ? [parts[0], parts[2]] : parts)
                return try await read(inbound)
            }
        } catch let error where !(error is OutboundError || error is CancellationError) {
            throw OutboundError.noAnswer(Self.words(of: error))
        }
    }

    func head(_ method: HTTPMethod, _ headers: [(String, String)]) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: address.target)
        let own = [("Host", address.hostField), ("User-Agent", "Roost"), ("Connection", "close")]
        head.headers = HTTPHeaders(own + headers)
        return head
    }

    /// Connects; after `silenceSeconds` without a word the connection is closed, with nil it is for others to watch.
    func connect(silenceSeconds: Int64? = nil) async throws -> Connection {
        var failure: any Error = OutboundError.unresolved(address.host, "it has no address")
        for place in places.prefix(Self.mostPlaces) {
            try Task.checkCancellation()
            do {
                return try await connect(to: place, silenceSeconds: silenceSeconds)
            } catch {
                failure = error
            }
        }
        throw OutboundError.unreachable(Self.words(of: failure))
    }

    private func connect(to place: NetworkAddress, silenceSeconds: Int64?) async throws -> Connection {
        // Security: an address goes in, no name, so that nothing can resolve one.
        let target = try SocketAddress(ipAddress: place.description, port: address.port)
        // A certificate for an address is held to the address of the connection.
        let name = address.literal == nil ? address.host : nil
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Self.connectTimeoutSeconds))
            .connect(to: target) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let silenceSeconds {
                        try pipeline.addHandlers(
                            IdleStateHandler(allTimeout: .seconds(silenceSeconds)),
                            SilenceHandler(seconds: silenceSeconds)
                        )
                    }
                    if let tls {
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    func read(
        _ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> OutboundClient.Answer {
        // What follows the head is not waited for: the status is said, however the body goes on or breaks off.
        for try await case .head(let head) in parts where head.status.code >= 200 {
            return OutboundClient.Answer(
                status: Int(head.status.code),
                retryAfter: head.headers.first(name: "Retry-After")
            )
        }
        throw OutboundError.noAnswer("the connection was closed")
    }

    private func readWhole(
        _ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
        limitBytes: Int
    ) async throws -> OutboundClient.Page {
        var status: Int?
        var body: [UInt8] = []
        for try await part in parts {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body(let piece):
                guard body.count + piece.readableBytes <= limitBytes else {
                    throw OutboundError.noAnswer("it is longer than \(limitBytes) bytes")
                }
                body += piece.readableBytesView
            case .end:
                if let status, status >= 200 { return OutboundClient.Page(status: status, body: body) }
            }
        }
        throw OutboundError.noAnswer("the connection was closed")
    }

    static func words(of error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
        case ChannelError.connectTimeout: "nobody answered within \(connectTimeoutSeconds) seconds"
        default: "\(error)"
        }
    }
}
