import Core
package import NIOCore

/// Git as clients speak it, for one repository: the `git` program reads what a client sends and answers it, through streams
/// that hold no more than a pipe does.
package struct Transport: Sendable {
    let repositories: Repositories
    let workspace: WorkspaceID
    /// Who has a share of the processes; nil where nobody else could want one.
    let client: String?

    /// Takes what the program says, piece by piece.
    package typealias Writer = (ByteBuffer) async throws -> Void

    /// How a client is connected.
    package enum Connection: Sendable {
        /// Each request is a program of its own, as over HTTP.
        case request
        /// One conversation, as over SSH.
        case conversation
    }

    /// Says which refs there are.
    ///
    /// - Parameters:
    ///   - service: What for.
    ///   - version: Which protocol the client speaks.
    ///   - write: Takes the answer.
    /// - Throws: `GitError` where the program fails.
    package func advertise(
        _ service: GitService,
        _ version: GitProtocolVersion,
        to write: Writer
    ) async throws {
        let command = command(service, version, ["--stateless-rpc", "--http-backend-info-refs"])
        try await repositories.git.converse(command, reading: Nothing(), to: write)
    }

    /// Answers a clone or a fetch.
    ///
    /// - Parameters:
    ///   - request: What the client sends.
    ///   - version: Which protocol it speaks.
    ///   - connection: How it is connected.
    ///   - write: Takes the answer.
    /// - Throws: `GitError` where the program fails before it has said anything; what `request` and `write` throw.
    package func upload<Request: AsyncSequence & Sendable>(
        _ request: Request,
        _ version: GitProtocolVersion,
        over connection: Connection,
        to write: Writer
    ) async throws where Request.Element == ByteBuffer {
        let command = command(.uploadPack, version, connection.arguments)
        try await repositories.git.converse(command, reading: request, to: write)
    }

    /// Takes a push.
    ///
    /// The end of the answer is held back until what has changed is recorded, so that no client takes for done what a
    /// server could still forget.
    ///
    /// - Parameters:
    ///   - request: What the client sends.
    ///   - version: Which protocol it speaks.
    ///   - connection: How it is connected.
    ///   - pusher: Whose push it is.
    ///   - write: Takes the answer.
    /// - Returns: What has changed.
    /// - Throws: `GitError` where the program fails before it has said anything; what `request` and `write` throw.
    @discardableResult
    package func receive<Request: AsyncSequence & Sendable>(
        _ request: Request,
        _ version: GitProtocolVersion,
        over connection: Connection,
        by pusher: Pusher,
        to write: Writer
    ) async throws -> [RefChange] where Request.Element == ByteBuffer {
        precondition(pusher.caller.workspace == workspace, "a push goes to the repository of its caller")
        let rules = try await repositories.refRules(for: pusher.caller).pushRules(for: pusher)
        var command = command(.receivePack, version, connection.arguments)
        command.hooks = .ofServer
        command.outlivesClient = true
        command.variables[PushGuard.rulesVariable] = rules.text
        let clearance = PushClearance(in: repositories.git.support)
        command.variables[PushClearance.variable] = clearance.path
        let wholePack = WholePack(in: repositories.git.support)
        if try await repositories.refLog.version(of: workspace) == 0 {
            command.variables.merge(wholePack.variables) { _, given in given }
        }
        defer {
            clearance.withdraw()
            wholePack.withdraw()
        }
        let notes = PushNotes(repositories.refLog, pusher.caller) { changes in
            try await clearance.grant(changes, by: rules)
        }
        var end = HeldEnd()
        do {
            try await repositories.git.converse(command, reading: NotedPush(request: request, notes: notes)) {
                bytes in
                // What is said before the wishes are known, such as which refs there are, is waited for.
                if notes.isEmpty {
                    try await write(bytes)
                } else if let ready = end.exchange(bytes) {
                    try await write(ready)
                }
            }
        } catch {
            try await notes.record()
            throw error
        }
        let changes = try await notes.record()
        if let last = end.last { try await write(last) }
        return changes
    }

    private func command(
        _ service: GitService,
        _ version: GitProtocolVersion,
        _ arguments: [String]
    ) -> GitProgram.Command {
        let path = repositories.path(of: workspace)
        return GitProgram.Command(
            arguments: [service.rawValue] + arguments + [path],
            repository: path,
            client: client,
            variables: version == .zero ? [:] : ["GIT_PROTOCOL": "version=\(version.rawValue)"]
        )
    }
}

extension Transport.Connection {
    fileprivate var arguments: [String] {
        switch self {
        case .request: ["--stateless-rpc"]
        case .conversation: []
        }
    }
}

/// A request without a body.
private struct Nothing: AsyncSequence, Sendable {
    struct Iterator: AsyncIteratorProtocol {
        mutating func next() async throws -> ByteBuffer? { nil }
    }

    func makeAsyncIterator() -> Iterator { Iterator() }
}

/// Keeps back the last four bytes of an answer, without which no client takes it for whole.
private struct HeldEnd {
    private(set) var last: ByteBuffer?

    /// Takes the next bytes.
    ///
    /// - Returns: What may go.
    mutating func exchange(_ bytes: ByteBuffer) -> ByteBuffer? {
        var all = last ?? ByteBuffer()
        all.writeImmutableBuffer(bytes)
        let readyBytes = max(0, all.readableBytes - 4)
        let ready = all.readSlice(length: readyBytes)
        last = all
        return readyBytes == 0 ? nil : ready
    }
}
