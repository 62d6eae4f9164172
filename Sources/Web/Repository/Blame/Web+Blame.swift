import Core
import HTTP
import HTTPTypes
import Repositories

extension Web {
    /// So long a page looks for the commits of lines.
    private static let blameLimit = Duration.seconds(10)

    var blameEndpoints: [Endpoint] {
        [
            repositoryPage("blame/**") { repository in
                let (revision, path) = try await repository.split(repository.visit.call.rest)
                let entry = try await repository.file(at: path, of: revision)
                async let switcher = switcher(.blame, revision, path, repository)
                let (table, lineCount, remark) = try await blame(of: entry, revision, repository)
                return try await BlamePage(
                    repository: repository,
                    revision: revision,
                    entry: entry,
                    switcher: switcher,
                    remark: remark,
                    table: table,
                    lineCount: lineCount
                )
            },
            Endpoint(.get, "blame.json/**", in: .repositoryPages, needs: .read) { call in
                let repository = try await enter(visit(call))
                let (revision, path) = try await repository.split(call.rest)
                let blame = try await repository.content.blame(
                    path,
                    of: Revision(revision.commit),
                    within: Self.blameLimit
                )
                return .fresh(await aside { blame.json })
            },
        ]
    }

    private func blame(
        of entry: TreeEntry,
        _ revision: ResolvedRevision,
        _ repository: RepositoryVisit
    ) async throws -> (table: HTML, lineCount: Int, remark: String?) {
        do {
            let bytes = try await repository.content.bytes(of: entry, limitBytes: 1 << 20)
            guard !TextLines.isBinary(bytes) else {
                return (.empty, 0, "The file is binary: it has no lines.")
            }
            let blame = try await repository.content.blame(
                entry.path,
                of: Revision(revision.commit),
                within: Self.blameLimit
            )
            return await aside {
                let lines = TextLines(bytes)
                let table = BlameTable(blame: blame, lines: lines, path: entry.path, repository: repository)
                let late = "The history is long: not for all lines was the commit found that they came with."
                return (table.html, lines.count, blame.isWhole ? nil : late)
            }
        } catch let failure as Failure where failure.code == .tooLarge || failure.code == .invalidParameter {
            return (.empty, 0, failure.message)
        }
    }
}

extension Blame {
    /// Groups of lines with the commit that each came with, and the commits.
    fileprivate var json: JSON {
        let groups = lines.map { group -> JSON in
            [
                "start": .integer(Int64(group.start)), "count": .integer(Int64(group.count)),
                "commit": .string("\(group.commit)"), "original_start": .integer(Int64(group.originalStart)),
                "original_path": .string("\(group.originalPath)"),
            ]
        }
        let commits = commits.values.sorted { $0.committedSeconds > $1.committedSeconds }.map {
            commit -> JSON in
            [
                "sha": .string("\(commit.id)"), "summary": .string(commit.summary),
                "author": .string(commit.author.name), "committed_seconds": .integer(commit.committedSeconds),
            ]
        }
        return ["is_whole": .boolean(isWhole), "lines": .array(groups), "commits": .array(commits)]
    }
}
