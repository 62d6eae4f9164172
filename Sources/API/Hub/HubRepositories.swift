import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Repositories: making, reading, changing and deleting them.
extension Hub {
    private static let newFields: [EndpointDescription.Field] = [
        .init("name", isRequired: true, "Its name."), .init("description", "A few words."),
        .init("private", .boolean, "Whether only those see it who were given a right."),
        .init(
            "visibility",
            .word(Visibility.words),
            "The same in GitHub's words; another than 'private' says is refused."
        ),
        .init("website", "An address that begins with http:// or https://."),
        .init("auto_init", .boolean, "Whether it begins with a README, and with what follows."),
        .init(
            "gitignores",
            "Kinds of files for .gitignore, with commas: \(IgnoredFiles.words.joined(separator: ", "))."
        ),
        .init("license", "One of \(Licence.words.joined(separator: ", "))."),
        .init(
            "default_branch",
            "The branch that is shown first once it is there; main where it is left out."
        ),
    ]

    private static let changedFields: [EndpointDescription.Field] = [
        .init("name", "A new name; the old address leads to the new one."),
        .init("description", "A few words."),
        .init("private", .boolean, "Whether only those see it who were given a right."),
        .init(
            "visibility",
            .word(Visibility.words),
            "The same in GitHub's words; another than 'private' says is refused."
        ),
        .init("website", "An address that begins with http:// or https://."),
        .init("archived", .boolean, "Whether it is only read from now on."),
        .init("default_branch", "The branch that is shown first and that clients check out."),
    ]

    var repositoryEndpoints: [Endpoint] {
        [
            Self.row(
                .post,
                "user/repos",
                needs: .signedIn,
                .init("Makes a repository for who asks.", body: Self.newFields, success: .created)
            ) { call in
                try await create(try await call.fields(), nil, call)
            },
            createForOrganization("org/:org/repos"), createForOrganization("orgs/:org/repos"),
            Self.row(.get, "repos/:owner/:repo", needs: .read, .init("A repository.")) { call in
                try await show(call.repository, call)
            },
            Self.row(
                .patch,
                "repos/:owner/:repo",
                needs: .admin,
                .init("Changes a repository.", body: Self.changedFields)
            ) { call in
                let fields = try await call.fields()
                let change = try fields.repositoryChange()
                let branch = try fields.string("default_branch").map { try BranchName($0) }
                // Whoever is refused the one must not find the other done, least of all a repository made public.
                if let branch { try await git.storage.require(branch, in: call.repository.workspace) }
                try await repositories(call).edit(call.repository.workspace, change)
                if let branch {
                    try await git.storage.setDefaultBranch(branch, of: call.repository.workspace)
                }
                return try await show(call.repository, call)
            },
            Self.row(
                .delete,
                "repos/:owner/:repo",
                needs: .admin,
                .init(
                    "Deletes a repository; it can be restored until its time of grace is over. Its mirrors end, and what its hooks were to be told is given up.",
                    success: .noContent
                )
            ) { call in
                try await repositories(call).delete(call.repository.workspace)
                return .noContent
            },
            Self.row(
                .post,
                "repos/:owner/:repo/transfer",
                needs: .admin,
                .init(
                    "Gives a repository to an organization that who asks administers, or from one to who asks.",
                    body: [.init("new_owner", isRequired: true, "The name of the account.")],
                    success: .accepted
                )
            ) { call in
                let owner = try AccountName(try await call.fields().requiredString("new_owner"))
                try await repositories(call).transfer(call.repository.workspace, to: owner)
                return try await show(call.repository, call, status: .accepted)
            },
            Self.row(
                .post,
                "repos/:owner/:repo/forks",
                needs: .read,
                .init(
                    "Makes a copy of a repository for who asks, or for an organization.",
                    body: [
                        .init("organization", "The organization; who asks where it is left out."),
                        .init("name", "What it is called; as the other where it is left out."),
                    ],
                    success: .accepted
                )
            ) { call in
                let fields = try await call.fields(mayBeLeftOut: true)
                let place = try await repositories(call).fork(
                    call.repository.workspace,
                    as: fields.string("name"),
                    ownedBy: fields.string("organization").map { try AccountName($0) },
                    announcing: git.announcing(.fork(of: call.repository.workspace))
                )
                _ = try await bring(into: place, call)
                return try await show(place, call, status: .accepted)
            },
            Self.row(
                .post,
                "user/repos/deleted/:id/restore",
                needs: .signedIn,
                .init("Takes a deleted repository back.")
            ) { call in
                let workspace = WorkspaceID(key: try call.key("id"))
                try await repositories(call).restore(workspace)
                return try await show(workspace, call)
            },
            Self.row(
                .delete,
                "user/repos/deleted/:id",
                needs: .signedIn,
                .init(
                    "Ends a deleted repository before its time of grace is over: it cannot be restored any more, and is gone with its name within minutes.",
                    success: .noContent
                )
            ) { call in
                try await repositories(call).end(WorkspaceID(key: try call.key("id")))
                return .noContent
            },
        ]
    }

    private func createForOrganization(_ path: String) -> Endpoint {
        Self.row(
            .post,
            path,
            needs: .manage,
            .init("Makes a repository for an organization.", body: Self.newFields, success: .created)
        ) { call in
            try await create(try await call.fields(), AccountName(call.parameter("org")), call)
        }
    }

    private func create(_ fields: HubFields, _ owner: AccountName?, _ call: Call) async throws -> Answer {
        let new = try NewRepository(
            name: RepositoryName(fields.requiredString("name")),
            visibility: fields.visibility() ?? .public,
            description: fields.string("description") ?? "",
            website: fields.string("website") ?? ""
        )
        var start: StartingFiles?
        if try fields.boolean("auto_init") == true {
            let kinds = try fields.string("gitignores") ?? ""
            start = try StartingFiles(
                name: fields.requiredString("name"),
                description: fields.string("description") ?? "",
                ignored: kinds.split(separator: ",").map { $0.filter { $0 != " " } },
                licence: fields.string("license") ?? ""
            )
        }
        let branch = try BranchName(fields.nonEmpty("default_branch") ?? "main")
        let place = try await repositories(call).create(new, ownedBy: owner)
        try await git.storage.create(place.workspace, branch: branch.text)
        if let start { try await begin(place, with: start, on: branch, call) }
        return try await show(place, call, status: .created)
    }

    private func begin(
        _ place: RepositoryPlace,
        with start: StartingFiles,
        on branch: BranchName,
        _ call: Call
    ) async throws {
        let author = try await signature(of: call)
        let request = CommitRequest(
            on: branch,
            try start.changes(holder: author.name, year: HubTime.year(ofSeconds: author.seconds)),
            message: "Begin",
            by: author
        )
        let pusher = Pusher(call.access.identity.caller(in: place.workspace), isAdmin: true)
        _ = try await git.git(for: pusher).commit(request)
    }

    /// Answers with a repository as it is now; `largeFiles` says what came where it has just come from another server.
    func show(
        _ place: RepositoryPlace,
        _ call: Call,
        status: HTTPResponse.Status = .ok,
        largeFiles: LargeFileReport? = nil
    ) async throws -> Answer {
        try await show(place.workspace, call, status: status, largeFiles: largeFiles)
    }

    private func show(
        _ workspace: WorkspaceID,
        _ call: Call,
        status: HTTPResponse.Status = .ok,
        largeFiles: LargeFileReport? = nil
    ) async throws -> Answer {
        let store = repositories(call)
        let repository = try await store.get(workspace)
        var source: Repository?
        if let key = repository.forkedFrom { source = try await store.find(key) }
        let glances = try await git.glances(at: [workspace] + [source?.id].compactMap { $0 })
        let caller = call.access.identity.caller(in: workspace)
        let arrival = try await git.arrivals(for: caller).find()
        var json = JSONWriter(capacityBytes: 2_048)
        json.value(
            repository,
            glances,
            parent: source,
            addresses(for: call),
            largeFiles: largeFiles,
            arrival: arrival
        )
        return Answer(json: json, status: status)
    }
}

extension HubFields {
    fileprivate func repositoryChange() throws -> RepositoryChange {
        try RepositoryChange(
            name: string("name"),
            description: string("description"),
            website: string("website"),
            visibility: visibility(),
            isArchived: boolean("archived")
        )
    }
}
