import Accounts
package import Core
package import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Asks endpoints from within the program, without a network: what commands do is what clients are answered.
package struct DirectLine: Sendable {
    private let routes: Routes
    private let caller: Caller

    /// - Parameters:
    ///   - endpoints: What can be asked.
    ///   - caller: Who asks, with every right.
    package init(_ endpoints: [Endpoint], caller: Caller) {
        routes = Routes(endpoints)
        self.caller = caller
    }

    /// Makes one call.
    ///
    /// - Parameters:
    ///   - method: Its method.
    ///   - path: Its address, whole and without parameters.
    ///   - fields: An object with its fields.
    /// - Returns: The body of the answer.
    /// - Throws: What the endpoint throws.
    package func ask(_ method: HTTPRequest.Method, _ path: String, _ fields: JSON) async throws -> [UInt8] {
        guard case .found(let route, let parameters, _) = routes.match(method, path) else {
            preconditionFailure("\(method) \(path) is no endpoint")
        }
        let head = HTTPRequest(
            method: method,
            scheme: nil,
            authority: nil,
            path: path,
            headerFields: [.contentType: "application/json"]
        )
        let call = Call(
            access: Access(everythingFor: caller),
            request: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: fields.text))),
            parameters: parameters,
            logger: Logger(label: "direct") { _ in SwiftLogNoOpLogHandler() },
            bodyLimitBytes: .max
        )
        let answer = try await route.endpoint.handler(call)
        let (bytes, writer) = Collector.pair()
        try await answer.body.write(writer)
        return await bytes.all()
    }
}

/// Takes the pieces of a body into memory.
private struct Collector: ResponseBodyWriter {
    private let pieces: AsyncStream<ByteBuffer>.Continuation

    struct Bytes {
        let pieces: AsyncStream<ByteBuffer>

        func all() async -> [UInt8] {
            var bytes: [UInt8] = []
            for await piece in pieces { bytes += piece.readableBytesView }
            return bytes
        }
    }

    static func pair() -> (Bytes, Collector) {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        return (Bytes(pieces: stream), Collector(pieces: continuation))
    }

    mutating func write(_ buffer: ByteBuffer) async throws { pieces.yield(buffer) }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { pieces.finish() }
}
