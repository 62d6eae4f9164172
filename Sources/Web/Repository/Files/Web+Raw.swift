import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import Repositories

extension Web {
    var rawEndpoints: [Endpoint] {
        [
            Endpoint(.get, "raw/**", in: .repositoryPages, needs: .read) { call in
                let repository = try await enter(visit(call))
                let (revision, path) = try await repository.split(call.rest)
                let entry = try await repository.file(at: path, of: revision)
                if let large = try await largeFile(of: entry, repository) {
                    return try await answer(large, named: entry.name, call)
                }
                return try answer(entry, repository.content, call)
            },
            Endpoint(.get, "output/**", in: .repositoryPages, needs: .read) { call in
                let repository = try await enter(visit(call))
                let (revision, path) = try await repository.split(call.rest)
                let entry = try await repository.file(at: path, of: revision)
                let notebook = try await notebooks.notebook(.blob(entry.id)) {
                    try await repository.content.bytes(of: entry, limitBytes: Notebook.limitBytes)
                }
                let query = call.query
                guard let cell = query["cell"].flatMap(Int.init),
                    let place = query["output"].flatMap(Int.init),
                    let markup = notebook?.markup(cell: cell, output: place)
                else { throw Failure.missing("The notebook has no such output.") }
                var answer = Answer.text(markup, type: "text/html; charset=utf-8")
                answer.headers[.contentSecurityPolicy] = ContentPolicy.usersContent
                answer.headers[.cacheControl] = "private, no-cache"
                return answer
            },
        ]
    }

    /// What Git LFS keeps for a file; nil where the file is no pointer, or what it points to was never sent here.
    func largeFile(of entry: TreeEntry, _ repository: RepositoryVisit) async throws -> LargeFile? {
        guard let files else { return nil }
        let store = repositories.largeFiles(in: files, for: repository.visit.caller)
        return try await store.kept(for: entry, in: repository.content)
    }

    private func answer(_ entry: TreeEntry, _ content: Git, _ call: Call) throws -> Answer {
        var headers = HTTPFields(showing: entry.name)
        headers[.eTag] = "\"\(entry.id)\""
        if call.request.headers[.ifNoneMatch] == headers[.eTag] {
            return Answer(status: .notModified, headers: headers, body: ResponseBody())
        }
        let body = ResponseBody(contentLength: entry.sizeBytes) { writer in
            try await content.forEachPiece(of: entry) { try await writer.write($0) }
            try await writer.finish(nil)
        }
        return Answer(headers: headers, body: body)
    }

    private func answer(_ large: LargeFile, named name: String, _ call: Call) async throws -> Answer {
        guard let files else { throw Failure.missing("This server keeps no files.") }
        let store = repositories.largeFiles(in: files, for: call.caller)
        let download = Download(
            name: name,
            hash: large.hash,
            sizeBytes: large.sizeBytes,
            modifiedMs: large.storedMs
        )
        var answer = try await call.answer(download) { try await store.open(large) }
        for field in HTTPFields(showing: name) { answer.headers[field.name] = field.value }
        if !HTTPFields(showing: name).contains(.contentDisposition) {
            answer.headers[.contentDisposition] = nil
        }
        return answer
    }
}

extension RepositoryVisit {
    /// - Throws: `Failure.missing` for a folder, a submodule, and what is not there.
    func file(at path: TreePath, of revision: ResolvedRevision) async throws -> TreeEntry {
        guard !path.isRoot else { throw Failure.missing("Name a file: this is the root of the repository.") }
        let entry = try await content.entry(at: path, of: Revision(revision.commit))
        guard entry.kind != .folder, entry.kind != .submodule else {
            throw Failure.missing("'\(path)' is a \(entry.kind.rawValue), not a file.")
        }
        return entry
    }
}

extension HTTPFields {
    /// For what a browser puts into a page of its own to show it.
    private static let policyOfMedia = """
        default-src 'none'; object-src 'self'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'
        """

    /// Security: a browser shows pictures, sound and text as such, and never as a page of this server; what would run is
    /// given an origin of its own, and the rest is saved.
    fileprivate init(showing name: String) {
        let type = RawType.of(name)
        self = [
            .contentType: type, .cacheControl: "private, no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: RawType.isActive(type) ? ContentPolicy.usersContent : Self.policyOfMedia,
        ]
        if type == "application/octet-stream" {
            self[.contentDisposition] = ArtifactDisposition.attachment(name)
        }
    }
}
