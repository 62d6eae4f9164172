import Accounts
import Core
import FoundationEssentials
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

/// Changes of files, branches and tags: each is a commit or a ref, and is judged as a push is.
extension Hub {
    private static let commitFields: [EndpointDescription.Field] = [
        .init("message", "What the commit says."),
        .init("branch", "The branch; the default one where it is left out."),
        .init("new_branch", "A branch to make for the commit, so that the other stays where it is."),
        .init("last_commit", "The tip that the change was made for; another is refused."),
    ]
    private static let contentField = EndpointDescription.Field(
        "content",
        isRequired: true,
        "The bytes, in base64."
    )
    private static let idField = EndpointDescription.Field(
        "sha",
        "The id that the file has now; another is refused."
    )

    private static let recursiveField = EndpointDescription.Field(
        "recursive",
        .boolean,
        "True for a folder, which goes with all that is in it."
    )

    /// Security: the whole body is in memory, and so is each file.
    private static let mostFiles = 1_000

    var changeEndpoints: [Endpoint] {
        [
            Self.row(
                .post,
                "repos/:owner/:repo/contents",
                needs: .write,
                .init(
                    "Changes several files in one commit: 'files' is a list of objects with operation (create, update, upload, "
                        + "delete, rename), path, content in base64, sha, from_path, and recursive for a folder that is deleted.",
                    body: Self.commitFields,
                    success: .created
                )
            ) { call in
                let fields = try await call.fields()
                let files = try fields.objects("files")
                guard !files.isEmpty, files.count <= Self.mostFiles else {
                    throw Failure.invalid("'files' must be a list of 1 to \(Self.mostFiles) objects.")
                }
                let changes = try files.map { try $0.change() }
                return try await commit(
                    changes.map(\.change),
                    expecting: changes.compactMap(\.expected),
                    filesAt: changes.compactMap(\.file),
                    fields,
                    "Change \(files.count) files",
                    .created,
                    call
                )
            },
            Self.row(
                .post,
                "repos/:owner/:repo/contents/**",
                needs: .write,
                .init("Makes a file.", body: [Self.contentField] + Self.commitFields, success: .created)
            ) { call in
                let (fields, path) = (try await call.fields(), try WritablePath(call.rest))
                let change = FileChange.create(path, .bytes(try fields.bytes("content")))
                return try await commit([change], fields, "Add \(path.path)", .created, call)
            },
            Self.row(
                .put,
                "repos/:owner/:repo/contents/**",
                needs: .write,
                .init(
                    "Changes a file, or makes it.",
                    body: [Self.contentField, Self.idField] + Self.commitFields
                )
            ) { call in
                let (fields, path) = (try await call.fields(), try WritablePath(call.rest))
                let change = FileChange.write(path, .bytes(try fields.bytes("content")))
                let expected = try fields.expected(at: path.path)
                return try await commit(
                    [change],
                    expecting: [expected].compactMap { $0 },
                    fields,
                    "Update \(path.path)",
                    .ok,
                    call
                )
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/contents/**",
                needs: .write,
                .init("Deletes a file.", body: [Self.idField, Self.recursiveField] + Self.commitFields)
            ) { call in
                let (fields, path) = (try await call.fields(mayBeLeftOut: true), try TreePath(call.rest))
                let expected = try fields.expected(at: path)
                return try await commit(
                    [.delete(path)],
                    expecting: [expected].compactMap { $0 },
                    filesAt: try fields.boolean("recursive") == true ? [] : [path],
                    fields,
                    "Delete \(path)",
                    .ok,
                    call
                )
            },
            Self.row(
                .post,
                "repos/:owner/:repo/branches",
                needs: .write,
                .init(
                    "Makes a branch.",
                    body: [
                        .init("new_branch_name", isRequired: true, "Its name."),
                        .init("old_ref_name", "Where it begins; at the default branch where it is left out."),
                    ],
                    success: .created
                )
            ) { call in
                let fields = try await call.fields()
                let name = try BranchName(fields.requiredString("new_branch_name"))
                let start = try Revision(fields.nonEmpty("old_ref_name") ?? "HEAD")
                let branch = try await changing(call).createBranch(name, at: start)
                return .json(status: .created) { json in
                    json.field("name", branch.name.text)
                    json.object("commit") { $0.field("id", "\(branch.commit)") }
                }
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/branches/**",
                needs: .write,
                .init("Deletes a branch, but not the default one.", success: .noContent)
            ) { call in
                try await changing(call).deleteBranch(BranchName(call.rest))
                return .noContent
            },
            Self.row(
                .post,
                "repos/:owner/:repo/branches/**",
                needs: .write,
                .init(
                    "Renames a branch; the path is its name and /rename.",
                    body: [.init("new_name", isRequired: true, "What it is to be called.")],
                    success: .created
                )
            ) { call in
                guard call.rest.hasSuffix("/rename") else {
                    throw Failure.missing("A branch is renamed at its name and '/rename'.")
                }
                let name = try await call.fields().requiredString("new_name")
                let branch = try await rename(String(call.rest.dropLast("/rename".count)), to: name, call)
                let commit = try await content(of: call).commit(Revision(branch.commit))
                return .json(status: .created, capacityBytes: 1_024) { json in
                    json.field("name", branch.name.text)
                    json.key("commit")
                    json.value(commit, addresses(for: call).api(of: call.repository))
                }
            },
            Self.row(
                .patch,
                "repos/:owner/:repo/branches/**",
                needs: .write,
                .init(
                    "Renames a branch.",
                    body: [.init("name", isRequired: true, "What it is to be called.")],
                    success: .noContent
                )
            ) { call in
                _ = try await rename(call.rest, to: call.fields().requiredString("name"), call)
                return .noContent
            },
            Self.row(
                .post,
                "repos/:owner/:repo/tags",
                needs: .write,
                .init(
                    "Makes a tag.",
                    body: [
                        .init("tag_name", isRequired: true, "Its name."),
                        .init("target", "What it names; the default branch where it is left out."),
                        .init("message", "What it says; without one it is only a name."),
                    ],
                    success: .created
                )
            ) { call in
                let fields = try await call.fields()
                let name = try TagName(fields.requiredString("tag_name"))
                let target = try Revision(fields.nonEmpty("target") ?? "HEAD")
                let message = try fields.nonEmpty("message")
                let content = try await changing(call)
                _ = try await content.createTag(name, at: target, message: message, by: signature(of: call))
                return .json(status: .created) { json in
                    json.field("name", name.text)
                    json.field("message", message ?? "")
                }
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/tags/**",
                needs: .write,
                .init("Deletes a tag.", success: .noContent)
            ) { call in
                try await changing(call).deleteTag(TagName(call.rest))
                return .noContent
            },
        ]
    }

    /// What a file must be for a change to be made.
    struct Expected {
        let path: TreePath
        let id: ObjectID
    }

    /// The Git content of the repository that the address names, for changes.
    func changing(_ call: Call) async throws -> Git {
        try await git.storage.ensure(call.repository.workspace)
        return git.git(for: pusher(call))
    }

    private func pusher(_ call: Call) -> Pusher {
        Pusher(call.caller, isAdmin: call.access.role == .admin)
    }

    private func rename(_ name: String, to new: String, _ call: Call) async throws -> Branch {
        try await git.storage.ensure(call.repository.workspace)
        return try await git.renameBranch(BranchName(name), to: BranchName(new), for: pusher(call))
    }

    /// Who makes commits for who asks.
    ///
    /// Security: the author is who asks, whatever the body says, so that nobody commits in the name of another.
    func signature(of call: Call) async throws -> Signature {
        let seconds = Int64(Date().timeIntervalSince1970)
        guard call.access.identity.account != nil else {
            return Signature(name: call.caller.name, email: "\(call.caller.name)@localhost", seconds: seconds)
        }
        let profile = try await profiles(call).own()
        return Signature(
            name: profile.fullName.isEmpty ? profile.login : profile.fullName,
            email: profile.email ?? "\(profile.login)@users.noreply.localhost",
            seconds: seconds
        )
    }

    private func commit(
        _ changes: [FileChange],
        expecting expected: [Expected] = [],
        filesAt paths: [TreePath] = [],
        _ fields: HubFields,
        _ standardMessage: String,
        _ status: HTTPResponse.Status,
        _ call: Call
    ) async throws -> Answer {
        let content = try await changing(call)
        let branch: BranchName
        if let name = try fields.nonEmpty("branch") {
            branch = try BranchName(name)
        } else {
            branch = try await content.defaultBranch() ?? BranchName("main")
        }
        var request = CommitRequest(
            on: branch,
            changes,
            message: try fields.nonEmpty("message") ?? standardMessage,
            by: try await signature(of: call)
        )
        request.newBranch = try fields.nonEmpty("new_branch").map { try BranchName($0) }
        if let tip = try fields.nonEmpty("last_commit") {
            guard let id = ObjectID(tip) else { throw Failure.invalid("'last_commit' is no id of a commit.") }
            request.expectedTip = id
        }
        for path in paths {
            // What is not there the commit says.
            let entry = try? await content.entry(at: path, of: Revision(branch))
            guard entry?.kind != .folder else {
                throw Failure.invalid(
                    "'\(path)' is a folder: say 'recursive': true to delete all that is in it."
                )
            }
        }
        if !expected.isEmpty {
            // What was looked at is what is changed: from here on another tip is refused.
            let tip = try await content.branch(branch).commit
            request.expectedTip = request.expectedTip ?? tip
            for file in expected {
                guard try await content.entry(at: file.path, of: Revision(tip)).id == file.id else {
                    let reason = "'\(file.path)' has changed since: its 'sha' is another."
                    return Answer(Failure(.invalidState, reason), status: .conflict)
                }
            }
        }
        let outcome: ChangeOutcome
        do {
            outcome = try await git.commit(request, to: content, largeFilesIn: files)
        } catch let failure as Failure where failure.code == .invalidState {
            // Somebody else was quicker.
            return Answer(failure, status: .conflict)
        }
        let commit = try await content.commit(Revision(outcome.commit))
        let base = addresses(for: call).api(of: call.repository)
        return .json(status: status, capacityBytes: 2_048) { json in
            json.key("commit")
            json.value(commit, base)
            json.field("branch", (request.newBranch ?? branch).text)
            json.field("is_changed", !outcome.updates.isEmpty)
        }
    }
}

extension HubFields {
    func nonEmpty(_ name: String) throws -> String? {
        try string(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    func bytes(_ name: String) throws -> [UInt8] {
        guard let text = try string(name) else { throw Failure.invalid("'\(name)' is missing.") }
        let plain = text.filter { !$0.isWhitespace }
        guard let bytes = Base64.decode(plain), Base64.encode(bytes) == plain else {
            throw Failure.invalid("'\(name)' must be in base64.")
        }
        return bytes
    }

    fileprivate func expected(at path: TreePath) throws -> Hub.Expected? {
        guard let text = try nonEmpty("sha") else { return nil }
        guard let id = ObjectID(text) else { throw Failure.invalid("'sha' is no id of a file.") }
        return Hub.Expected(path: path, id: id)
    }

    private enum Operation: String, CaseIterable {
        case create, update, upload, delete, rename
    }

    /// One element of a list of changes.
    ///
    /// - Returns: It, what must be there, and where a file must be and no folder.
    /// - Throws: `Failure.invalid` for what is no change.
    fileprivate func change() throws -> (change: FileChange, expected: Hub.Expected?, file: TreePath?) {
        guard let operation = try word("operation", of: Operation.self) else {
            throw Failure.invalid("'operation' is missing.")
        }
        let path = try requiredString("path")
        switch operation {
        case .create: return (.create(try WritablePath(path), .bytes(try bytes("content"))), nil, nil)
        case .update, .upload:
            let file = try WritablePath(path)
            return (.write(file, .bytes(try bytes("content"))), try expected(at: file.path), nil)
        case .delete:
            let file = try TreePath(path)
            let isRecursive = try boolean("recursive") == true
            return (.delete(file), try expected(at: file), isRecursive ? nil : file)
        case .rename:
            let old = try TreePath(requiredString("from_path"))
            return (.move(old, to: try WritablePath(path)), try expected(at: old), nil)
        }
    }
}
