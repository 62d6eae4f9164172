import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
package import Repositories

/// Git over HTTP, as `git clone`, `fetch` and `push` speak it.
///
/// - Source: gitprotocol-http(5); only the smart protocol is served.
package enum GitEndpoints {
    /// - Parameters:
    ///   - repositories: What is served.
    ///   - pushed: Is told what a push has changed, when it is recorded.
    /// - Returns: The rows of the table.
    package static func all(
        _ repositories: Repositories,
        pushed: @escaping @Sendable (Call, [RefChange]) async throws -> Void = { _, _ in }
    ) -> [Endpoint] {
        let pace = repositories.conversations.pace
        return [
            Endpoint(.get, "info/refs", in: .git, needs: .read, failingInText: true) { call in
                guard let service = call.query["service"] else { return .noDumbProtocol }
                guard let service = GitService(name: service) else {
                    throw Failure(.permissionDenied, "This server has no service '\(service)'.")
                }
                // One row answers for both services, and its right is that of the lesser.
                if service == .receivePack { _ = try call.pusher() }
                return try await call.advertisement(of: service, in: repositories)
            },
            Endpoint(.post, GitService.uploadPack.name, in: .git, needs: .read, failingInText: true) { call in
                let (version, transport) = (call.gitVersion, try await call.transport(repositories))
                return try call.answer(to: .uploadPack, pace) { body, write in
                    try await transport.upload(body, version, over: .request, to: write)
                }
            },
            Endpoint(.post, GitService.receivePack.name, in: .git, needs: .write, failingInText: true) {
                call in
                let (version, pusher) = (call.gitVersion, try call.pusher())
                let transport = try await call.transport(repositories)
                return try call.answer(to: .receivePack, pace) { body, write in
                    let changes = try await transport.receive(
                        body,
                        version,
                        over: .request,
                        by: pusher,
                        to: write
                    )
                    try await pushed(call, changes)
                }
            },
        ]
    }
}

/// The body of a request, whether it was compressed or not.
private enum GitBody: AsyncSequence, Sendable {
    case plain(PacedRequest<WholeBody>)
    case compressed(InflatedBody<PacedRequest<WholeBody>>)

    enum Iterator: AsyncIteratorProtocol {
        case plain(PacedRequest<WholeBody>.Iterator)
        case compressed(InflatedBody<PacedRequest<WholeBody>>.Iterator)

        mutating func next() async throws -> ByteBuffer? {
            switch self {
            case .plain(var body):
                let piece = try await body.next()
                self = .plain(body)
                return piece
            case .compressed(var body):
                let piece = try await body.next()
                self = .compressed(body)
                return piece
            }
        }
    }

    func makeAsyncIterator() -> Iterator {
        switch self {
        case .plain(let body): .plain(body.makeAsyncIterator())
        case .compressed(let body): .compressed(body.makeAsyncIterator())
        }
    }
}

extension Call {
    fileprivate var gitVersion: GitProtocolVersion {
        GitProtocolVersion(saidBy: HTTPField.Name("Git-Protocol").flatMap { request.headers[$0] })
    }

    /// - Throws: `Refusal` where the caller may read only.
    fileprivate func pusher() throws -> Pusher {
        try access.requireWriting()
        return Pusher(caller, isAdmin: access.role == .admin)
    }

    /// Made at the first visit: a server that ends between the two leaves a repository that has its row only.
    fileprivate func transport(_ repositories: Repositories) async throws -> Transport {
        try await repositories.storage.ensure(caller.workspace)
        let client = access.identity.account?.gitClient ?? "address \(clientAddress)"
        return repositories.transport(of: caller.workspace, for: client)
    }

    fileprivate func advertisement(
        of service: GitService,
        in repositories: Repositories
    ) async throws -> Answer {
        let (transport, version) = (try await transport(repositories), gitVersion)
        return gitAnswer("x-\(service.name)-advertisement", repositories.conversations.pace) { write in
            // The second version has no such line, and pushes have no second version.
            if service == .receivePack || version != .two {
                let line = "# service=\(service.name)\n"
                let length = String(line.utf8.count + 4, radix: 16)
                let padding = String(repeating: "0", count: 4 - length.count)
                try await write(ByteBuffer(string: "\(padding)\(length)\(line)0000"))
            }
            try await transport.advertise(service, version, to: write)
        }
    }

    /// Answers a request while it is still coming in.
    fileprivate func answer(
        to service: GitService,
        _ pace: Pace,
        _ converse: @escaping @Sendable (GitBody, Transport.Writer) async throws -> Void
    ) throws -> Answer {
        guard request.headers[.contentType] == "application/x-\(service.name)-request" else {
            return .text(
                "A request to \(service.name) has the type application/x-\(service.name)-request.\n",
                status: .unsupportedMediaType
            )
        }
        // What was compressed is measured as it was sent.
        let sent = PacedRequest(wholeBody, pace)
        let body: GitBody
        switch request.headers[.contentEncoding] ?? "identity" {
        case "identity": body = .plain(sent)
        case "gzip", "x-gzip": body = .compressed(InflatedBody(body: sent))
        default: return .text("Only gzip is understood.\n", status: .unsupportedMediaType)
        }
        return gitAnswer("x-\(service.name)-result", pace) { write in try await converse(body, write) }
    }

    /// A stream whose length nobody knows before.
    ///
    /// What fails in it can only break it off: the head has gone.
    private func gitAnswer(
        _ type: String,
        _ pace: Pace,
        _ body: @escaping @Sendable (Transport.Writer) async throws -> Void
    ) -> Answer {
        Answer(
            headers: [
                .contentType: "application/\(type)", .cacheControl: "no-cache, max-age=0, must-revalidate",
                .expires: "Fri, 01 Jan 1980 00:00:00 GMT",
            ],
            body: ResponseBody { [logger] writer in
                var meter = Pace.Meter(pace)
                do {
                    try await body { bytes in
                        let start = ContinuousClock.now
                        try await writer.write(bytes)
                        try meter.note(bytes.readableBytes, after: .now - start)
                    }
                    try await writer.finish(nil)
                } catch let error as SlowClient {
                    logger.notice("a client of git was given up", metadata: ["reason": "\(error)"])
                    throw error
                } catch let error as GitError {
                    logger.error("git failed", metadata: ["error": "\(error)"])
                    throw error
                }
            }
        )
    }
}

extension Answer {
    fileprivate static let noDumbProtocol = Answer.text(
        "This server speaks the smart protocol only: use a git that is newer than 1.6.6.\n",
        status: .forbidden
    )
}
