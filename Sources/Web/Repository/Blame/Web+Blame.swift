import Core
import HTTP
import Repositories

extension Web {
    private static let limitSeconds = 10

    var blameEndpoints: [Endpoint] {
        [
            repositoryPage("blame/**") { repository in
                let (revision, path) = try await repository.split(repository.visit.call.rest)
                let entry = try await repository.file(at: path, of: revision)
                async let switcher = switcher(.blame, revision, path, repository)
                let (table, lineCount, refusal) = try await blame(of: entry, revision, repository)
                return try await BlamePage(
                    repository: repository,
                    revision: revision,
                    entry: entry,
                    switcher: switcher,
                    refusal: refusal,
                    table: table,
                    lineCount: lineCount
                )
            }
        ]
    }

    private func blame(
        of entry: TreeEntry,
        _ revision: ResolvedRevision,
        _ repository: RepositoryVisit
    ) async throws -> (table: HTML, lineCount: Int, refusal: String?) {
        do {
            let bytes = try await repository.content.bytes(of: entry, limitBytes: 1 << 20)
            guard !TextLines.isBinary(bytes) else {
                return (.empty, 0, "The file is binary: it has no lines.")
            }
            let blame = try await repository.content.blame(
                entry.path,
                of: Revision(revision.commit),
                limitSeconds: Self.limitSeconds
            )
            return await aside {
                let lines = TextLines(bytes)
                let table = BlameTable(blame: blame, lines: lines, path: entry.path, repository: repository)
                return (table.html, lines.count, nil)
            }
        } catch let failure as Failure where failure.code == .tooLarge || failure.code == .invalidParameter {
            return (.empty, 0, failure.message)
        }
    }
}
