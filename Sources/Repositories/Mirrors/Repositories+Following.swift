package import Core
import Database
import Events
import Outbound

extension Repositories {
    /// Asks another server for a repository, without taking anything.
    ///
    /// Security: who asks may have chosen a server that answers slowly and much; they wait in their own share of processes, and
    /// for no longer than a person does.
    ///
    /// - Parameters:
    ///   - source: What is asked for.
    ///   - client: For whom: an account, which has a share of the processes.
    /// - Throws: `Failure.invalid` with the reason where it could not be taken.
    package func probe(_ source: RemoteSource, for client: AccountID?) async throws {
        try await git.slots.hold(for: client?.gitClient) { try await probe(source) }
    }

    private func probe(_ source: RemoteSource) async throws {
        try await telling {
            let remote = try await Remote.find(source, of: self, within: .seconds(30))
            let scratch = "\(git.support)/probe-\(UInt64.random(in: .min ... .max)).git"
            try await git.require(
                GitProgram.Command(
                    arguments: ["init", "--quiet", "--bare", "--template="],
                    repository: scratch
                )
            )
            do {
                _ = try await remote.offer(in: scratch)
            } catch {
                try PrivateFiles.remove(scratch)
                throw error
            }
            try PrivateFiles.remove(scratch)
        }
    }

    /// Makes a repository to which nobody has pushed what another server's is: branches and tags, and then the large files.
    ///
    /// Large files that cannot be had are told and fail nothing. It may be ended at any moment and begun again.
    ///
    /// - Parameters:
    ///   - source: Where from.
    ///   - caller: Who asks, and into which repository.
    /// - Returns: What became of the large files.
    /// - Throws: `Failure.invalid` with the reason where the other server's cannot be taken.
    @discardableResult
    func importAll(from source: RemoteSource, for caller: Caller) async throws -> LargeFileReport {
        try await storage.begin(caller.workspace)
        return try await telling {
            let remote = try await Remote.find(source, of: self)
            try await git.slots.hold(for: caller.account?.gitClient) {
                _ = try await pull(remote, for: caller)
            }
            let report: Result<LargeFileReport, any Error>
            do {
                report = .success(try await fetchLargeFiles(from: remote, for: caller))
            } catch {
                report = .failure(error)
            }
            // The branches are there, whatever became of the rest.
            try await noteImport(of: remote, try? report.get(), by: caller)
            return try report.get()
        }
    }

    private func noteImport(
        of remote: Remote,
        _ report: LargeFileReport?,
        by caller: Caller
    ) async throws {
        var members = [JSON.Member(key: "address", value: .string(remote.address.text))]
        if let report, report != LargeFileReport() {
            members.append(JSON.Member(key: "large_files", value: .integer(Int64(report.moved))))
        }
        if let lacking = report?.lacking {
            members.append(JSON.Member(key: "lacking", value: .string(lacking)))
        }
        let details = JSON.object(members).text
        try await database.write { connection in
            try EventLog.append(
                .gitImported,
                to: "repository",
                details: details,
                by: caller,
                in: connection
            )
        }
    }

    /// Makes the branches and tags of a repository those of another server's.
    ///
    /// - Returns: What has changed.
    func pull(_ remote: Remote, for caller: Caller) async throws -> [RefChange] {
        let repository = path(of: caller.workspace)
        let offer = try await remote.offer(in: repository)
        let here = try await refLog.refs(of: caller.workspace).filter { !$0.key.hasPrefix(RefName.notes) }
        let changes = RefChange.between(here, offer.refs)
        guard !changes.isEmpty else {
            try await showFirst(offer.head, of: caller.workspace)
            return []
        }
        try await refLog.recording(changes, by: caller) {
            // First what is gone, since a branch may have become a folder of branches.
            try await remove(changes.filter { $0.after == nil }, in: repository)
            try await fetch(changes.filter { $0.after != nil }, from: remote, into: repository)
            if let head = offer.head {
                try await git.require(
                    GitProgram.Command(arguments: ["symbolic-ref", "HEAD", head], repository: repository)
                )
            }
        }
        try await refreshLastCommits(after: changes, for: caller)
        return changes
    }

    /// Shows that branch first which the other server shows first, where nothing else has changed.
    private func showFirst(_ head: String?, of workspace: WorkspaceID) async throws {
        guard let head else { return }
        let shown = try await handles.run(at: path(of: workspace)) { try $0.defaultBranch() }
        guard shown?.ref != head else { return }
        let branch = try BranchName(String(head.dropFirst(RefName.branches.count)))
        try await storage.setDefaultBranch(branch, of: workspace)
    }

    /// Makes the branches and tags of another server's repository those of one here.
    ///
    /// What is empty here empties nothing there: it is not said often enough that a mirror is to begin with that.
    func push(to remote: Remote, for caller: Caller) async throws {
        let refs = try await refLog.refs(of: caller.workspace)
        guard refs.keys.contains(where: { !$0.hasPrefix(RefName.notes) }) else { return }
        try await remote.run(
            ["push", "--quiet", "--prune", "--no-verify", "--no-recurse-submodules"],
            ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"],
            in: path(of: caller.workspace)
        )
    }

    private func remove(_ changes: [RefChange], in repository: String) async throws {
        guard !changes.isEmpty else { return }
        let commands = changes.map { "delete \($0.name)\n" }.joined()
        try await git.require(
            GitProgram.Command(arguments: ["update-ref", "--no-deref", "--stdin"], repository: repository),
            input: Array(commands.utf8)
        )
    }

    private func fetch(_ changes: [RefChange], from remote: Remote, into repository: String) async throws {
        guard !changes.isEmpty else { return }
        // Each by its name: what the other server says meanwhile brings no name that was not looked at.
        let refs = changes.map { "+\($0.name):\($0.name)\n" }.joined()
        let received = ReceivedBytes(repository: repository, limit: mirrorMeans.limits.receivedBytes)
        do {
            try await received.bounding {
                try await remote.run(
                    [
                        "fetch", "--quiet", "--atomic", "--no-tags", "--no-write-fetch-head",
                        "--no-recurse-submodules", "--no-auto-maintenance", "--stdin",
                    ],
                    in: repository,
                    input: refs
                )
            }
        } catch {
            try received.discard()
            throw error
        }
    }

    /// What is wrong with the other server is told to who named it.
    func telling<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let failure as MirrorFailure {
            throw Failure.invalid(failure.description)
        }
    }
}
