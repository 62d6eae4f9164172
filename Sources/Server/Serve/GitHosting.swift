import Accounts
import Core
import Database
import Glibc
import Logging
import Repositories
import ServiceLifecycle

/// The repositories beside the requests: what a killed server left is recorded, and what has been pushed is tended.
struct GitHosting: Service {
    let repositories: Repositories
    let logger: Logger

    /// A `git` process that has lost its server may live so long.
    private static let orphanPatience = Duration.seconds(5)
    private static let pause = Duration.seconds(30)
    /// No push lasts so long: the process that noted it was killed.
    private var longestPushMs: Int64 {
        Int64((repositories.conversations.longest + .seconds(3_600)) / .milliseconds(1))
    }

    /// Opens the repositories in the data folder.
    ///
    /// - Parameters:
    ///   - database: Where they are noted.
    ///   - dataFolder: Where they lie.
    ///   - mirrors: How other servers are asked.
    ///   - isServing: Whether they are made ready to be pushed to.
    /// - Returns: The repositories.
    /// - Throws: `SettingError` where the folder cannot be written.
    static func open(
        _ database: any Database,
        in dataFolder: String,
        mirrors: MirrorMeans = MirrorMeans(),
        isServing: Bool
    ) throws -> Repositories {
        try PrivateFolder.make(dataFolder)
        guard let folder = realpath(dataFolder, nil) else {
            throw SettingError(
                "The folder \(dataFolder) cannot be entered: \(String(cString: strerror(errno)))."
            )
        }
        defer { free(folder) }
        let repositories = Repositories(
            database: database,
            folder: String(cString: folder) + "/repositories",
            mirrors: mirrors,
            isResting: { workspace, direction in
                try await database.read { connection in
                    try Accounts.isDeleted(workspace, in: connection)
                        || direction == .pull && Accounts.isArchived(workspace, in: connection)
                }
            },
            pushed: { try Accounts.notePush(to: $0, in: $1) }
        )
        guard isServing else { return repositories }
        do {
            try repositories.storage.prepare(program: try ownProgram())
        } catch let error as GitError {
            throw SettingError("The repositories cannot be kept in \(dataFolder): \(error).")
        }
        return repositories
    }

    func run() async throws {
        let startMs = Clock.system.nowMs()
        await cancelWhenGracefulShutdown {
            await noting("what lists tell of repositories could not be looked up") {
                try await repositories.fillGlances()
            }
            await noting("what was pushed before the start could not be recorded") {
                try await repositories.refLog.recover(begunBefore: startMs, forgets: false)
                try await Task.sleep(for: Self.orphanPatience)
                try await repositories.refLog.recover(begunBefore: startMs)
            }
            while !Task.isCancelled {
                let goneMs = Clock.system.nowMs() - longestPushMs
                await noting("what was pushed could not be recorded") {
                    // Also what was left alone at the start, since its process was still there.
                    try await repositories.refLog.recover(begunBefore: max(startMs, goneMs))
                    try repositories.storage.removeClearances(madeBefore: goneMs)
                }
                await noting("a repository could not be tended") {
                    while try await repositories.maintenance.tendNext() != nil {}
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    /// What fails here fails no request; it is tried again.
    private func noting(_ message: Logger.Message, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            return
        } catch {
            logger.error(message, metadata: ["error": "\(error)"])
            await pause()
        }
    }

    private func pause() async {
        do { try await Task.sleep(for: Self.pause) } catch { return }
    }

    /// Where this program lies.
    static func ownProgram() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        guard count > 0, count < path.count else {
            throw SettingError("/proc/self/exe cannot be read: \(String(cString: strerror(errno))).")
        }
        return String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
