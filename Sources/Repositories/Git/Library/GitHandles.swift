import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The open repositories of a server, and the threads that read them.
///
/// Opening costs as much as many reads: packs are mapped and their indexes read. So a handle is kept when its work is
/// done, at most `mostIdle` of all repositories; the one that has rested longest is closed first.
final class GitHandles: Sendable {
    /// Reads block on the disk and on zlib, so they have threads of their own.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: max(4, 2 * System.coreCount))
        threads.start()
        return threads
    }()

    /// A handle on its way between threads.
    ///
    /// It is in the hands of one thread, or of none while it rests, so that sending it is safe.
    private struct Resting: @unchecked Sendable {
        let repository: OpenRepository
    }

    private let mostIdle: Int
    private let idle = Mutex<[Resting]>([])

    init(mostIdle: Int = 32) {
        self.mostIdle = mostIdle
    }

    /// Runs a body with an open repository on a thread where it may block.
    ///
    /// - Throws: `Failure.missing` if no repository lies at the path; what the body throws.
    func run<Result: Sendable>(
        at path: String,
        _ body: @escaping @Sendable (OpenRepository) throws -> Result
    ) async throws -> Result {
        try await Self.threads.runIfActive { try self.use(path, body) }
    }

    /// Runs a body with a repository that also reads the objects of another, as where their histories are compared.
    ///
    /// Such a handle is not kept, so that nobody else reads what is the other's.
    ///
    /// - Throws: As `run`.
    func run<Result: Sendable>(
        at path: String,
        beside other: String,
        _ body: @escaping @Sendable (OpenRepository) throws -> Result
    ) async throws -> Result {
        try await Self.threads.runIfActive {
            let repository = try OpenRepository(path: path)
            try repository.readObjects(of: other)
            return try body(repository)
        }
    }

    private func use<Result>(_ path: String, _ body: (OpenRepository) throws -> Result) throws -> Result {
        if let rested = take(path) {
            do {
                let result = try body(rested)
                put(rested)
                return result
            } catch is LibraryError {
                // Packs may have been written anew since it was opened; a fresh handle knows.
            } catch {
                put(rested)
                throw error
            }
        }
        let opened = try OpenRepository(path: path)
        let result = try body(opened)
        put(opened)
        return result
    }

    /// Closes what is open of a repository, so that it can be removed.
    func close(_ path: String) {
        let closed = idle.withLock { idle in
            let closed = idle.filter { $0.repository.path == path }
            idle.removeAll { $0.repository.path == path }
            return closed
        }
        withExtendedLifetime(closed) {}
    }

    private func take(_ path: String) -> OpenRepository? {
        let rested = idle.withLock { idle in
            idle.lastIndex { $0.repository.path == path }.map { idle.remove(at: $0) }
        }
        // One that was removed meanwhile can still be read through what is mapped of it.
        guard let rested, access(path + "/HEAD", F_OK) == 0 else { return nil }
        return rested.repository
    }

    private func put(_ repository: OpenRepository) {
        let resting = Resting(repository: repository)
        let closed = idle.withLock { idle in
            idle.append(resting)
            return idle.count > mostIdle ? idle.removeFirst() : nil
        }
        withExtendedLifetime(closed) {}
    }
}
