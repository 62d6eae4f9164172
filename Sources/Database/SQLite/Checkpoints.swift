internal import GRDBSQLite
internal import NIOPosix
import Synchronization

/// Moves what is in the write-ahead log into the file of an SQLite database whenever nothing was written for a moment.
///
/// Readers look for every page in the log first, as long as something there is newer than the file. SQLite moves it by
/// itself only when the log has grown long, which may be never on a server that is read far more than written to.
final class Checkpoints: Sendable {
    private let path: String
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    private struct State {
        /// How many commits there were.
        var commits = 0
        var isWaiting = false
        var isClosed = false
    }

    /// Apart from the state, so that no writer waits for a move.
    private let connection = Mutex<Handle?>(nil)

    /// Only used under its lock.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// So long nothing is written before the log is moved.
    private static let quiet = Duration.milliseconds(500)

    /// - Parameters:
    ///   - path: The file.
    ///   - threads: Where it is waited for the disk.
    init(path: String, threads: NIOThreadPool) {
        self.path = path
        self.threads = threads
    }

    /// To be told of every commit, or of some that followed each other.
    func noteCommit() {
        let mustWait = state.withLock { state in
            state.commits += 1
            defer { state.isWaiting = true }
            return !state.isWaiting && !state.isClosed
        }
        if mustWait { Task { await waitForQuiet() } }
    }

    private func waitForQuiet() async {
        var seen = -1
        while true {
            let commits = state.withLock { state in
                if state.commits == seen || state.isClosed { state.isWaiting = false }
                return state.isWaiting ? state.commits : nil
            }
            guard let commits else { break }
            seen = commits
            // Nobody cancels this task.
            try? await Task.sleep(for: Self.quiet)
        }
        // Threads that have stopped move nothing; closing the database does.
        try? await threads.runIfActive { self.moveLog() }
    }

    /// Writers and readers go on meanwhile; what they keep from being moved is moved the next time.
    private func moveLog() {
        connection.withLock { connection in
            guard !state.withLock({ $0.isClosed }), let open = connection ?? open() else { return }
            connection = open
            sqlite3_wal_checkpoint_v2(open.pointer, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
    }

    /// Nil where the file cannot be opened just now, which who reads and writes will say.
    private func open() -> Handle? {
        var pointer: OpaquePointer?
        let status = sqlite3_open_v2(path, &pointer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        // A connection knows of the log once it has read.
        guard let pointer, status == SQLITE_OK,
            sqlite3_exec(pointer, "PRAGMA schema_version", nil, nil, nil) == SQLITE_OK
        else {
            sqlite3_close_v2(pointer)
            return nil
        }
        return Handle(pointer: pointer)
    }

    /// Waits for a move under way; there are no more.
    func close() {
        state.withLock { $0.isClosed = true }
        connection.withLock { connection in
            if let open = connection { sqlite3_close_v2(open.pointer) }
            connection = nil
        }
    }

    deinit {
        close()
    }
}
