import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Files and folders as Gitea and GitHub tell of them.
extension Hub {
    var fileEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/contents",
                needs: .read,
                .init("What is in the root, as a list.", query: [Self.refField])
            ) { try await contents(of: .root, $0) },
            Self.row(
                .get,
                "repos/:owner/:repo/contents/**",
                needs: .read,
                .init(
                    "A folder as a list, or a file as an object with its content in base64; that of a file beyond 1 MiB is left out ('encoding' is none), and is at its download_url.",
                    query: [Self.refField]
                )
            ) { try await contents(of: TreePath($0.rest), $0) },
        ]
    }

    private func contents(of path: TreePath, _ call: Call) async throws -> Answer {
        let content = try await content(of: call)
        let commit = try await content.resolve(Revision(call.ref ?? "HEAD")).commit
        let places = places(for: call)
        let shelf = Shelf(api: places.api, page: places.page, commit: commit)
        if !path.isRoot {
            let entry = try await content.entry(at: path, of: Revision(commit))
            if entry.kind != .folder { return try await file(entry, on: shelf, content) }
        }
        let folder = try await content.folder(at: path, of: Revision(commit), with: .sizes)
        var json = JSONWriter(capacityBytes: folder.entries.count * 1_024 + 64)
        json.array { json in
            for entry in folder.entries { json.object { $0.fields(of: entry, on: shelf) } }
        }
        return Answer(json: json)
    }

    private func file(_ entry: TreeEntry, on shelf: Shelf, _ content: Git) async throws -> Answer {
        guard entry.kind != .submodule else { return .json { $0.fields(of: entry, on: shelf) } }
        let (_, bytes) = try await content.blob(entry.id, limitBytes: Self.contentLimitBytes)
        return .json(capacityBytes: (bytes?.count ?? 0) * 2 + 2_048) { json in
            json.fields(of: entry, on: shelf, content: .some(bytes))
        }
    }
}

/// Where files of a commit are found.
private struct Shelf {
    /// The address of the repository in the interface.
    let api: String
    /// Its address for people.
    let page: String
    let commit: ObjectID
}

/// - Source: Gitea 1.22, `ContentsResponse`; GitHub, "Get repository content", for files beyond 1 MB.
extension JSONWriter {
    /// - Parameters:
    ///   - entry: A file or a folder.
    ///   - shelf: Where it is found.
    ///   - content: The bytes of a file, which are nil where there are too many; nil in lists and for what is no file.
    fileprivate mutating func fields(of entry: TreeEntry, on shelf: Shelf, content: [UInt8]?? = nil) {
        let path = entry.path.percentEncoded
        let isFile = entry.kind != .folder && entry.kind != .submodule
        let address = "\(shelf.api)/contents/\(path)?ref=\(shelf.commit)"
        let page = entry.kind == .submodule ? nil : "\(shelf.page)/src/\(shelf.commit)/\(path)"
        let object: String? =
            switch entry.kind {
            case .submodule: nil
            case .folder: "\(shelf.api)/git/trees/\(entry.id)"
            case .file, .executable, .symlink: "\(shelf.api)/git/blobs/\(entry.id)"
            }
        field("name", entry.name)
        field("path", "\(entry.path)")
        field("sha", "\(entry.id)")
        field("type", entry.kind.giteaWord)
        field("size", entry.sizeBytes ?? 0)
        if let bytes = content {
            self.content(bytes)
        } else {
            field("encoding", JSON.null)
            field("content", JSON.null)
        }
        let target = entry.kind == .symlink ? content.flatMap { $0 } : nil
        field("target", target.map { .string(String(decoding: $0, as: UTF8.self)) } ?? JSON.null)
        field("url", address)
        field("html_url", page.map { .string($0) } ?? JSON.null)
        field("git_url", object.map { .string($0) } ?? JSON.null)
        field("download_url", isFile ? .string("\(shelf.api)/raw/\(shelf.commit)/\(path)") : JSON.null)
        field("submodule_git_url", JSON.null)
        self.object("_links") { json in
            json.field("self", address)
            json.field("git", object.map { .string($0) } ?? JSON.null)
            json.field("html", page.map { .string($0) } ?? JSON.null)
        }
    }

    /// The bytes of a file in base64, or that they are not told here.
    mutating func content(_ bytes: [UInt8]?) {
        field("encoding", bytes == nil ? "none" : "base64")
        field("content", bytes.map { Base64.encode($0) } ?? "")
    }
}

extension TreeEntry.Kind {
    /// What it is called in lists of files.
    fileprivate var giteaWord: String {
        switch self {
        case .file, .executable: "file"
        case .symlink: "symlink"
        case .folder: "dir"
        case .submodule: "submodule"
        }
    }
}
