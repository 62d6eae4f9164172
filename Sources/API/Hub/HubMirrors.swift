import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

/// Imports of repositories from other servers, and mirrors of them.
///
/// - Source: Gogs, `POST /repos/migrate` and `POST /repos/{owner}/{repo}/mirror-sync`.
extension Hub {
    private static let importFields: [EndpointDescription.Field] = [
        .init("clone_addr", isRequired: true, "The address of the other repository."),
        .init("auth_username", "Who this server is there."),
        .init("auth_password", "Its password, or a token."),
        .init("repo_name", isRequired: true, "The name that it has here."),
        .init("repo_owner", "The organization whose it is; who asks where it is left out."),
        .init("uid", .integer, "The number of who asks, as Gogs' clients send it."),
        .init("mirror", .boolean, "Whether it goes on to follow the other."), interval,
        .init("private", .boolean, "Whether only those see it who were given a right."),
        .init(
            "visibility",
            .word(Visibility.words),
            "The same in GitHub's words; another than 'private' says is refused."
        ),
        .init("description", "A few words."),
    ]

    private static let mirrorFields: [EndpointDescription.Field] = [
        .init(
            "direction",
            .word(Mirror.Direction.words),
            isRequired: true,
            "Whether the repository follows the other, or the other follows it."
        ),
        .init("address", isRequired: true, "The address of the other repository."),
        .init("user_name", "Who this server is there."), .init("password", "Its password, or a token."),
        interval,
    ]

    private static let largeFileFields: [EndpointDescription.Field] = [
        .init("address", isRequired: true, "The address of the other repository."),
        .init("user_name", "Who this server is there."), .init("password", "Its password, or a token."),
    ]

    private static let interval = EndpointDescription.Field(
        "interval_seconds",
        .integer,
        "How often it runs by itself; 0 for never, 8 hours where it is left out."
    )

    var mirrorEndpoints: [Endpoint] {
        [
            Self.row(
                .post,
                "repos/migrate",
                needs: .signedIn,
                .init("Makes a repository of another server's.", body: Self.importFields, success: .created)
            ) { call in
                try await migrate(try await call.fields(), call)
            },
            Self.row(.get, "repos/:owner/:repo/mirrors", needs: .admin, .init("The mirrors of a repository."))
            {
                call in
                let mirrors = try await git.mirrors(for: call.caller).list()
                return .array { json in
                    for mirror in mirrors { json.value(mirror) }
                }
            },
            Self.row(
                .post,
                "repos/:owner/:repo/mirrors",
                needs: .admin,
                .init(
                    "Sets a mirror, in place of the one with the same direction and address.",
                    body: Self.mirrorFields,
                    success: .created
                )
            ) { call in
                let mirror = try await git.mirrors(for: call.caller).set(try await call.fields().mirror())
                var json = JSONWriter(capacityBytes: 512)
                json.value(mirror)
                return Answer(json: json, status: .created)
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/mirrors/:id",
                needs: .admin,
                .init("Removes a mirror, and ends it where it runs.", success: .noContent)
            ) { call in
                try await git.mirrors(for: call.caller).delete(call.key("id"))
                return .noContent
            },
            Self.row(
                .post,
                "repos/:owner/:repo/mirror-sync",
                needs: .admin,
                .init("Runs the mirrors of a repository now.", success: .accepted)
            ) { call in
                _ = try await call.fields(mayBeLeftOut: true)
                try await git.mirrors(for: call.caller).sync()
                return Answer(status: .accepted, body: ResponseBody())
            },
            Self.row(
                .post,
                "repos/:owner/:repo/large-files/fetch",
                needs: .admin,
                .init(
                    "Gets the large files that the history names and the repository lacks from another server.",
                    body: Self.largeFileFields
                )
            ) { call in
                let fields = try await call.fields()
                let source = try RemoteSource(
                    address: fields.requiredString("address"),
                    userName: fields.string("user_name") ?? "",
                    password: fields.string("password")
                )
                let report = try await git.fetchLargeFiles(from: source, for: call.caller)
                return .json { $0.fields(of: report) }
            },
        ]
    }

    /// The other server is asked first, so that what cannot be had makes no repository.
    private func migrate(_ fields: HubFields, _ call: Call) async throws -> Answer {
        let source = try RemoteSource(
            address: fields.requiredString("clone_addr"),
            userName: fields.string("auth_username") ?? "",
            password: fields.string("auth_password")
        )
        let new = try NewRepository(
            name: RepositoryName(fields.requiredString("repo_name")),
            visibility: fields.visibility() ?? .public,
            description: fields.string("description") ?? ""
        )
        let isMirror = try fields.boolean("mirror") ?? false
        let mirror = try NewMirror(.pull, source, intervalSeconds: fields.integer("interval_seconds"))
        let owner = try fields.string("repo_owner").flatMap { $0.isEmpty ? nil : try AccountName($0) }
        if owner == nil, let id = try fields.integer("uid"), id != call.access.identity.account?.key {
            throw Failure.invalid("'uid' must be your own number: name another owner by 'repo_owner'.")
        }
        try await repositories(call).requireCreation(ownedBy: owner)
        try await git.probe(source, for: call.caller.account)
        let announcing = isMirror ? try await git.following(mirror) : git.announcing(.copy(of: source))
        let place = try await repositories(call).create(new, ownedBy: owner, announcing: announcing)
        let report = isMirror ? nil : try await bring(into: place, call)
        return try await show(place, call, status: .created, largeFiles: report)
    }
}

extension HubFields {
    fileprivate func mirror() throws -> NewMirror {
        guard let direction = try word("direction", of: Mirror.Direction.self) else {
            throw Failure.invalid("'direction' is missing.")
        }
        let source = try RemoteSource(
            address: requiredString("address"),
            userName: string("user_name") ?? "",
            password: string("password")
        )
        return try NewMirror(direction, source, intervalSeconds: integer("interval_seconds"))
    }
}

extension JSONWriter {
    mutating func fields(of report: LargeFileReport) {
        field("fetched", report.moved)
        field("lacking", report.lacking.map(JSON.string) ?? .null)
    }

    /// Without the password, which nobody is told.
    fileprivate mutating func value(_ mirror: Mirror) {
        object { json in
            json.field("id", mirror.id)
            json.field("direction", mirror.direction.rawValue)
            json.field("address", mirror.address)
            json.field("user_name", mirror.userName)
            json.field("has_password", mirror.hasPassword)
            json.field("interval_seconds", mirror.intervalSeconds)
            json.field("created_by", mirror.createdBy)
            json.field("is_running", mirror.isRunning)
            json.field("failures", mirror.failures)
            json.time("due_ms", mirror.dueMs)
            json.time("last_ms", mirror.lastMs)
            json.time("last_success_ms", mirror.lastSuccessMs)
            json.field("last_error", mirror.lastError.map(JSON.string) ?? .null)
        }
    }

    private mutating func time(_ key: StaticString, _ ms: Int64?) {
        field(key, ms.map(JSON.integer) ?? .null)
    }
}
