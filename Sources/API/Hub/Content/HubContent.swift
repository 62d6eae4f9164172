import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import Repositories

/// Files and folders of repositories at a branch, a tag or a commit.
extension Hub {
    /// How much of a file is told within JSON.
    static let contentLimitBytes = 1 << 20
    static let refField = EndpointDescription.Field(
        "ref",
        "A branch, a tag or a commit; the default branch where it is left out."
    )

    var contentEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/content/**",
                needs: .read,
                .init(
                    "A folder as a list, or a file as an object; the path is a branch, a tag or a commit, a slash and a path.",
                    query: [.init("include_size", "True for the sizes of files.")]
                )
            ) { try await content($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/raw/**",
                needs: .read,
                .init(
                    "The bytes of a file, also of one that Git LFS keeps; the path is a branch, a tag or a commit, a slash and a path. With a ref, or where it begins with no such name, it is the path alone.",
                    query: [Self.refField]
                )
            ) { try await raw($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/archive/**",
                needs: .read,
                .init(
                    "All files, of large ones the pointers of Git LFS; the path is a branch, a tag or a commit, with .zip or .tar.gz at its end."
                )
            ) { try await archive($0) },
            Self.row(
                .get,
                "repos/:owner/:repo/readme",
                needs: .read,
                .init(
                    "The file that tells what the repository is for.",
                    query: [Self.refField]
                )
            ) { try await readme($0) },
            // Repositories have no buckets yet; the client asks before it streams.
            Self.row(.get, "repos/:owner/:repo/storage", needs: .read, .init("The buckets of a repository."))
            {
                _ in .array { _ in }
            },
        ]
    }

    /// The Git content of the repository that the address names.
    func content(of call: Call) async throws -> Git {
        try await git.storage.ensure(call.repository.workspace)
        return git.reading(for: call.caller)
    }

    private func content(_ call: Call) async throws -> Answer {
        let content = try await content(of: call)
        let (revision, path) = try await content.split(Array(call.rest.utf8))
        let commit = Revision(revision.commit)
        let base = addresses(for: call).api(of: call.repository)
        let hasSizes = call.query["include_size"]?.lowercased() == "true"
        if !path.isRoot {
            let entry = try await content.entry(at: path, of: commit)
            guard entry.kind == .folder else {
                let large = try await largeFiles(behind: [entry], content, call)
                return .json { $0.fields(of: entry, hasSize: true, large, at: revision.commit, base) }
            }
        }
        let folder = try await content.folder(at: path, of: commit, with: hasSizes ? .sizes : .none)
        let large = try await hasSizes ? largeFiles(behind: folder.entries, content, call) : [:]
        var json = JSONWriter(capacityBytes: folder.entries.count * 384 + 64)
        json.array { json in
            for entry in folder.entries {
                json.object { $0.fields(of: entry, hasSize: hasSizes, large, at: revision.commit, base) }
            }
        }
        return Answer(json: json)
    }

    /// What Git LFS keeps for files, by the ids of their pointers.
    private func largeFiles(
        behind entries: [TreeEntry],
        _ content: Git,
        _ call: Call
    ) async throws -> [ObjectID: LargeFile] {
        guard let files else { return [:] }
        return try await git.largeFiles(in: files, for: call.caller).kept(for: entries, in: content)
    }

    private func raw(_ call: Call) async throws -> Answer {
        let content = try await content(of: call)
        let (commit, path) = try await place(of: call, in: content)
        guard !path.isRoot else { throw Failure.missing("Name a file: this is the root of the repository.") }
        let entry = try await content.entry(at: path, of: Revision(commit))
        guard entry.kind != .folder, entry.kind != .submodule else {
            throw Failure.missing("'\(path)' is a \(entry.kind.rawValue), not a file.")
        }
        if let files {
            let store = git.largeFiles(in: files, for: call.caller)
            if let large = try await store.kept(for: entry, in: content) {
                let download = Download(
                    name: entry.name,
                    hash: large.hash,
                    sizeBytes: large.sizeBytes,
                    modifiedMs: large.storedMs
                )
                return try await call.answer(download) { try await store.open(large) }
            }
        }
        let headers = HTTPFields(describing: entry)
        if call.request.headers[.ifNoneMatch] == headers[.eTag] {
            return Answer(status: .notModified, headers: headers, body: ResponseBody())
        }
        let body = ResponseBody(contentLength: entry.sizeBytes) { writer in
            try await content.forEachPiece(of: entry) { try await writer.write($0) }
            try await writer.finish(nil)
        }
        return Answer(headers: headers, body: body)
    }

    /// What the address of a file means: a revision and a path, or as Gitea has it a path beside `ref`.
    ///
    /// Without a `ref` a revision goes before a folder of the default branch of the same name.
    private func place(of call: Call, in content: Git) async throws -> (commit: ObjectID, path: TreePath) {
        let address = Array(call.rest.utf8)
        if let ref = call.ref {
            return (try await content.resolve(Revision(ref)).commit, try TreePath(bytes: address))
        }
        do {
            let (revision, path) = try await content.split(address)
            return (revision.commit, path)
        } catch let failure as Failure where failure.code == .missing {
            guard let head = try? await content.resolve(Revision("HEAD")).commit else { throw failure }
            let path = try TreePath(bytes: address)
            guard (try? await content.entry(at: path, of: Revision(head))) != nil else { throw failure }
            return (head, path)
        }
    }

    private func archive(_ call: Call) async throws -> Answer {
        let name = call.rest
        guard let format = ArchiveFormat.allCases.first(where: { name.hasSuffix("." + $0.rawValue) }) else {
            throw Failure.missing("An archive ends with .zip or .tar.gz.")
        }
        let content = try await content(of: call)
        let revision = try Revision(String(name.dropLast(format.rawValue.count + 1)))
        let commit = try await content.resolve(revision).commit
        try await content.requireArchivable(commit)
        let folder = "\(call.repository.name)-\("\(commit)".prefix(12))"
        let inner = try WritablePath(folder)
        return Answer(
            headers: [
                .contentType: format == .zip ? "application/zip" : "application/gzip",
                .contentDisposition: ArtifactDisposition.attachment("\(folder).\(format.rawValue)"),
                .cacheControl: "private, no-cache",
            ],
            body: ResponseBody { writer in
                try await content.archive(of: commit, as: format, in: inner) { try await writer.write($0) }
                try await writer.finish(nil)
            }
        )
    }

    private func readme(_ call: Call) async throws -> Answer {
        let content = try await content(of: call)
        let revision = try Revision(call.ref ?? "HEAD")
        let folder = try await content.folder(of: revision, with: .sizes)
        guard let entry = folder.readme else { throw Failure.missing("The repository has no README.") }
        let bytes = try await content.bytes(of: entry, limitBytes: Self.contentLimitBytes)
        let base = addresses(for: call).api(of: call.repository)
        return .json(capacityBytes: bytes.count * 2 + 512) { json in
            json.fields(of: entry, hasSize: true, at: folder.commit, base)
            json.field("encoding", "base64")
            json.field("content", Base64.encode(bytes))
        }
    }
}

extension Call {
    /// The branch, the tag or the commit that the query names; nil for none.
    var ref: String? { query["ref"].flatMap { $0.isEmpty ? nil : $0 } }
}

/// - Source: the dagshub client 0.7.3, `ContentAPIEntry`.
extension JSONWriter {
    /// - Parameters:
    ///   - entry: A file or a folder.
    ///   - hasSize: Whether its size was asked for.
    ///   - large: What is kept for pointers, by their ids: their size is that of what they stand for.
    ///   - commit: Where it is.
    ///   - base: The address of the repository in the interface.
    mutating func fields(
        of entry: TreeEntry,
        hasSize: Bool,
        _ large: [ObjectID: LargeFile] = [:],
        at commit: ObjectID,
        _ base: String
    ) {
        let isFile = entry.kind != .folder && entry.kind != .submodule
        let path = entry.path.percentEncoded
        let sizeBytes = large[entry.id].map { Int($0.sizeBytes) } ?? entry.sizeBytes ?? 0
        field("path", "\(entry.path)")
        field("type", isFile ? "file" : "dir")
        field("size", hasSize ? sizeBytes : 0)
        field("hash", entry.kind == .folder ? "" : "\(entry.id)")
        field("versioning", "git")
        field("download_url", isFile ? "\(base)/raw/\(commit)/\(path)" : "")
        field(
            "content_url",
            entry.kind == .submodule ? JSON.null : .string("\(base)/content/\(commit)/\(path)")
        )
    }
}

extension HTTPFields {
    fileprivate init(describing entry: TreeEntry) {
        self = [
            .contentType: ArtifactType.of(entry.name),
            .eTag: "\"\(entry.id)\"",
            .cacheControl: "private, no-cache",
            // Security: what users store is never shown as a page of this server, whatever it is.
            .contentDisposition: ArtifactDisposition.attachment(entry.name),
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }
}
