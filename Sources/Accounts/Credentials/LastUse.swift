import Synchronization

/// Notes when credentials were used, to be written together later: a request does not wait for it.
final class LastUse: Sendable {
    /// A bound for a server whose database does not take what is noted.
    private static let limit = 10_000

    struct Notes: Sendable {
        var tokens: [Int64: Int64] = [:]
        var sessions: [[UInt8]: Int64] = [:]
        var accounts: [Int64: Int64] = [:]

        var isEmpty: Bool { tokens.isEmpty && sessions.isEmpty && accounts.isEmpty }
    }

    private let notes = Mutex(Notes())

    func note(token: Int64? = nil, session: [UInt8]? = nil, account: Int64, at nowMs: Int64) {
        notes.withLock { notes in
            if let token, notes.tokens.count < Self.limit { notes.tokens[token] = nowMs }
            if let session, notes.sessions.count < Self.limit { notes.sessions[session] = nowMs }
            if notes.accounts.count < Self.limit { notes.accounts[account] = nowMs }
        }
    }

    /// What was noted since the last time.
    func take() -> Notes {
        notes.withLock { notes in
            defer { notes = Notes() }
            return notes
        }
    }
}
