import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore

extension Web {
    /// The rows of the artifacts of something that has an id: pages, pieces of them, and the bytes.
    ///
    /// - Parameters:
    ///   - path: Where the pages of such things are; their id follows.
    ///   - find: Finds the thing that an address names.
    ///   - holder: Says where its artifacts lie.
    ///   - subjectPage: Puts a browser of its artifacts on the page of the thing.
    /// - Returns: The rows.
    func artifactEndpoints<Subject: Sendable>(
        below path: String,
        find: @escaping @Sendable (Visit) async throws -> Subject,
        holder: @escaping @Sendable (Subject, Visit) -> ArtifactHolder,
        page subjectPage: @escaping @Sendable (Subject, Visit, ArtifactBrowser) async throws -> any Page
    ) -> [Endpoint] {
        typealias Shown = @Sendable (Visit, ArtifactHolder, ArtifactPath?) async throws -> Answer
        let shown: @Sendable (Visit, ArtifactPath?) async throws -> any Page = { visit, path in
            let subject = try await find(visit)
            let browser = try await ArtifactBrowser.load(holder(subject, visit), path, for: visit, self)
            return try await subjectPage(subject, visit, browser)
        }
        func row(_ piece: String, _ answer: @escaping Shown) -> [Endpoint] {
            ["\(path)/:id/\(piece)", "\(path)/:id/\(piece)/**"].map { pattern in
                Endpoint(.get, pattern, in: .workspacePages, needs: .read) { call in
                    let visit = visit(call)
                    // A slash behind the last step means all of them.
                    let isWhole = !pattern.hasSuffix("**") || call.rest.isEmpty
                    let place = isWhole ? nil : try ArtifactPath(call.rest)
                    return try await answer(visit, holder(find(visit), visit), place)
                }
            }
        }
        return [
            page("\(path)/:id/artifacts", in: .workspacePages) { try await shown($0, nil) },
            page("\(path)/:id/artifacts/**", in: .workspacePages) { visit in
                let rest = visit.call.rest
                return try await shown(visit, rest.isEmpty ? nil : ArtifactPath(rest))
            },
        ]
            + row("preview") { visit, holder, path in
                let preview = ArtifactPreview(
                    shelf: try shelf(of: holder, visit),
                    holder: holder,
                    visit: visit,
                    notebooks: notebooks
                )
                return answer(fragment: try await preview.load(path).html)
            }
            + row("tree") { visit, holder, path in
                let tree = try await ArtifactTree.load(
                    try shelf(of: holder, visit),
                    holder,
                    showing: path,
                    isFolder: true
                )
                return answer(fragment: tree.innermost)
            }
            + row("raw") { visit, holder, path in
                guard let path else { throw Failure.missing("Name a file.") }
                return try await raw(path, of: shelf(of: holder, visit), visit)
            }
            + row("archive") { visit, holder, path in
                try await FolderArchive(shelf: shelf(of: holder, visit), folder: path, name: holder.id).answer
            }
    }

    private func shelf(of holder: ArtifactHolder, _ visit: Visit) throws -> ArtifactShelf {
        guard let shelf = ArtifactShelf(holder, files, for: visit.caller) else {
            throw Failure.missing("These artifacts are not kept by this server.")
        }
        return shelf
    }

    /// The bytes of a file as what they are; with `download` as an attachment, and with `cell` and `output` the markup
    /// that a cell of a notebook put out.
    private func raw(_ path: ArtifactPath, of shelf: ArtifactShelf, _ visit: Visit) async throws -> Answer {
        guard let file = try await shelf.find(path) else {
            throw Failure.missing("There is no artifact '\(path)'.")
        }
        if let cell = visit.query("cell").flatMap({ Int($0) }),
            let output = visit.query("output").flatMap({ Int($0) })
        {
            return try await markup(ofOutput: output, ofCell: cell, of: file, shelf)
        }
        let download = Download(
            name: path.name,
            hash: file.hash,
            sizeBytes: file.sizeBytes,
            modifiedMs: file.modifiedMs
        )
        var answer = try await visit.call.answer(download) { try await shelf.files.open(file) }
        guard visit.query("download") == nil, let type = InlineType(path.name) else { return answer }
        answer.headers[.contentDisposition] = nil
        answer.headers[.contentSecurityPolicy] = type.policy
        if answer.headers[.contentType] != nil { answer.headers[.contentType] = type.text }
        return answer
    }

    private func markup(
        ofOutput output: Int,
        ofCell cell: Int,
        of file: File,
        _ shelf: ArtifactShelf
    ) async throws -> Answer {
        let missing = Failure.missing("There is no such output.")
        guard file.sizeBytes <= Int64(Notebook.limitBytes) else { throw missing }
        let notebook = try await notebooks.notebook(.artifact(file.hash)) {
            try await shelf.bytes(of: file, limit: Notebook.limitBytes)
        }
        guard let markup = notebook?.markup(cell: cell, output: output) else { throw missing }
        var answer = Answer.text(markup, type: "text/html; charset=utf-8")
        answer.headers[.contentSecurityPolicy] = ContentPolicy.usersContent
        answer.headers[.cacheControl] = "private, no-cache"
        return answer
    }
}

/// The type by which a browser shows what a user stored; nil for what it should only save.
struct InlineType: Sendable {
    let text: String
    let policy: String

    init?(_ name: String) {
        let ending = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        let type = MediaTypes.byEnding[ending] ?? ArtifactType.of(name)
        if type == "application/pdf" {
            // Security: a sandbox would turn the browser's own viewer off, which runs apart from this origin.
            (text, policy) = (type, "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'")
            return
        }
        guard type.hasPrefix("text/") || ["image/", "audio/", "video/"].contains(where: type.hasPrefix) else {
            return nil
        }
        text = type.hasPrefix("text/") ? type + "; charset=utf-8" : type
        policy = ContentPolicy.usersContent
    }
}
