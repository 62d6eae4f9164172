import Core
import HTTP
import Repositories

/// The commits that forms make.
extension Web {
    func edit(_ repository: RepositoryVisit, _ form: MultipartForm) async throws -> Address {
        let (branch, path, _) = try await place(repository)
        let target = try WritablePath(form["path"]?.trimmed ?? "")
        let write = FileChange.write(
            target,
            .bytes(try await typed(form, into: path, on: branch, repository))
        )
        let changes = target.path == path ? [write] : [.move(path, to: target), write]
        return try await commit(
            changes,
            on: branch,
            CommitForm(form),
            standard: "Update \(target.path)",
            expecting: (path, form["expected"] ?? ""),
            then: target.path,
            repository
        )
    }

    /// What was typed, with the ends of lines of the file that somebody looked at.
    private func typed(
        _ form: MultipartForm,
        into path: TreePath,
        on branch: BranchName,
        _ repository: RepositoryVisit
    ) async throws -> [UInt8] {
        let content = repository.content
        // What has changed meanwhile is refused when the commit is made.
        guard let entry = try? await content.entry(at: path, of: Revision(branch)),
            "\(entry.id)" == form["expected"]
        else { return form.contentBytes }
        let bytes = try await content.bytes(of: entry, limitBytes: Int(EditPage.limitBytes))
        let (file, sent) = (try EditableText(bytes, of: path), form.contentBytes)
        return await aside { file.bytes(of: sent) }
    }

    func create(_ repository: RepositoryVisit, _ form: MultipartForm) async throws -> Address {
        let (branch, _, _) = try await place(repository)
        let target = try WritablePath(form["path"]?.trimmed ?? "")
        return try await commit(
            [.create(target, .bytes(form.contentBytes))],
            on: branch,
            CommitForm(form),
            standard: "Add \(target.path)",
            then: target.path,
            repository
        )
    }

    func upload(_ repository: RepositoryVisit, _ form: MultipartForm) async throws -> Address {
        let (branch, _, _) = try await place(repository)
        let folder = (form["folder"] ?? "").trimmed.split(separator: "/").joined(separator: "/")
        let files = form.parts.filter { $0.name == "files" && !($0.fileName ?? "").isEmpty }
        guard !files.isEmpty else { throw Failure.invalid("No file was chosen.") }
        let changes = try files.map { file in
            let name = file.fileName ?? ""
            return FileChange.write(
                try WritablePath(folder.isEmpty ? name : "\(folder)/\(name)"),
                .bytes(file.bytes)
            )
        }
        return try await commit(
            changes,
            on: branch,
            CommitForm(form),
            standard: files.count == 1 ? "Upload \(files[0].fileName ?? "")" : "Upload \(files.count) files",
            then: try TreePath(folder),
            repository
        )
    }

    func delete(_ repository: RepositoryVisit, _ form: MultipartForm) async throws -> Address {
        let (branch, path, _) = try await place(repository)
        return try await commit(
            [.delete(path)],
            on: branch,
            CommitForm(form),
            standard: "Delete \(path)",
            expecting: (path, form["expected"] ?? ""),
            then: nil,
            repository
        )
    }

    /// Makes a commit under the rules of the repository.
    ///
    /// - Parameters:
    ///   - changes: What changes.
    ///   - branch: The branch that somebody looked at.
    ///   - form: How the commit is called, and where it goes.
    ///   - standard: How it is called where nobody said it.
    ///   - expected: What a path was when somebody looked at it; where it has changed since, nothing is done.
    ///   - path: What is shown afterwards; nil for the repository.
    ///   - repository: Where it is made.
    /// - Returns: Where that is.
    /// - Throws: `Failure.invalidState` where the path has changed, `.permissionDenied` where a rule forbids it.
    private func commit(
        _ changes: [FileChange],
        on branch: BranchName,
        _ form: CommitForm,
        standard: String,
        expecting expected: (path: TreePath, id: String)? = nil,
        then path: TreePath?,
        _ repository: RepositoryVisit
    ) async throws -> Address {
        let content = changing(repository.visit)
        let message = form.message.trimmed.isEmpty ? standard : form.message
        var request = CommitRequest(
            on: branch,
            changes,
            message: message,
            by: try await signature(of: repository.visit)
        )
        request.newBranch = try form.newBranch.map { try BranchName($0.trimmed) }
        if let expected {
            let tip = try await content.branch(branch).commit
            guard let now = try? await content.entry(at: expected.path, of: Revision(tip)),
                "\(now.id)" == expected.id
            else {
                throw Failure(
                    .invalidState,
                    "'\(expected.path)' was changed by somebody else since you began. Nothing of yours is lost: it is below."
                )
            }
            request.expectedTip = tip
        }
        let outcome = try await repositories.commit(request, to: content, largeFilesIn: files)
        let revision = ResolvedRevision(kind: .branch(request.newBranch ?? branch), commit: outcome.commit)
        return path.map { repository.addresses[.src, revision, $0] } ?? repository.addresses[.src, revision]
    }
}

extension MultipartForm {
    /// What was typed, with the ends of lines that the file has: browsers send all of them as CR LF.
    var contentBytes: [UInt8] {
        guard let part = parts.first(where: { $0.name == "content" }) else { return [] }
        let bytes = part.bytes
        guard self["line_end"] != "crlf" else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            let isReturn =
                byte == UInt8(ascii: "\r") && place + 1 < bytes.count
                && bytes[place + 1] == UInt8(ascii: "\n")
            if !isReturn { result.append(byte) }
        }
        return result
    }
}
