import Accounts
import Core
import HTTP
import HTTPTypes

/// Who was given a right in a repository.
extension Hub {
    var collaboratorEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/collaborators",
                needs: .admin,
                .init("Who was given a right in a repository.", query: .pages)
            ) { call in
                let page = try await collaborators(call).list(of: call.repository.workspace, call.page())
                return try .list(page, call, self) { $0.value($1) }
            },
            Self.row(
                .get,
                "repos/:owner/:repo/collaborators/:name",
                needs: .admin,
                .init("204 where a person was given a right in a repository, else 404.", success: .noContent)
            ) { call in
                let name = call.parameter("name")
                guard try await collaborators(call).find(name, in: call.repository.workspace) != nil else {
                    throw Failure.missing("'\(name)' is no collaborator of '\(call.repository.fullName)'.")
                }
                return .noContent
            },
            Self.row(
                .put,
                "repos/:owner/:repo/collaborators/:name",
                needs: .admin,
                .init(
                    "Gives a person a right in a repository, or another one than before.",
                    body: [
                        .init(
                            "permission",
                            .word(Role.words),
                            "What they may do; write where it is left out."
                        )
                    ],
                    success: .noContent
                )
            ) { call in
                let role = try await call.fields(mayBeLeftOut: true).word("permission", of: Role.self)
                try await collaborators(call).set(
                    call.parameter("name"),
                    to: role ?? .write,
                    in: call.repository.workspace
                )
                return .noContent
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/collaborators/:name",
                needs: .read,
                .init(
                    "Takes from a person the right that they were given; who has one gives up their own.",
                    success: .noContent
                )
            ) { call in
                _ = try account(call)
                try await collaborators(call).remove(
                    call.parameter("name"),
                    from: call.repository.workspace
                )
                return .noContent
            },
            Self.row(
                .get,
                "repos/:owner/:repo/collaborators/:name/permission",
                needs: .admin,
                .init("What a person may do in a repository, from whatever it comes.")
            ) { call in
                let (profile, role) = try await collaborators(call).role(
                    of: call.parameter("name"),
                    in: call.repository.workspace
                )
                return .json(capacityBytes: 512) { json in
                    json.field("permission", role?.rawValue ?? "none")
                    json.key("user")
                    json.value(profile)
                }
            },
        ]
    }

    private func collaborators(_ call: Call) -> CollaboratorStore {
        accounts.collaborators(for: call.access.identity)
    }
}
