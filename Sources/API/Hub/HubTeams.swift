import Accounts
import Core
import HTTP
import HTTPTypes

/// Teams of organizations.
extension Hub {
    private static let fields: [EndpointDescription.Field] = [
        .init("description", "What it is for."),
        .init(
            "permission",
            .word(TeamChange.Permission.words),
            "What its members may do in its repositories."
        ),
        .init(
            "includes_all_repositories",
            .boolean,
            "Whether it is for all repositories of the organization."
        ),
    ]

    var teamEndpoints: [Endpoint] { ofTeams + ofTeamMembers + ofTeamRepositories }

    private var ofTeams: [Endpoint] {
        [
            Self.row(
                .get,
                "orgs/:org/teams",
                needs: .member,
                .init("The teams of an organization.", query: .pages)
            ) { call in
                try .list(try await teams(call).list(call.page()), call, self) { $0.value($1) }
            },
            Self.row(
                .post,
                "orgs/:org/teams",
                needs: .manage,
                .init(
                    "Makes a team.",
                    body: [.init("name", isRequired: true, "Its name.")] + Self.fields,
                    success: .created
                )
            ) { call in
                .team(try await teams(call).create(call.fields().teamChange()), status: .created)
            },
            Self.row(.get, "orgs/:org/teams/:id", needs: .member, .init("A team.")) { call in
                .team(try await teams(call).get(call.key("id")))
            },
            Self.row(
                .patch,
                "orgs/:org/teams/:id",
                needs: .manage,
                .init("Changes a team.", body: [.init("name", "Its name.")] + Self.fields)
            ) { call in
                .team(try await teams(call).edit(call.key("id"), call.fields().teamChange()))
            },
            Self.row(
                .delete,
                "orgs/:org/teams/:id",
                needs: .manage,
                .init("Deletes a team, and what its members might do by it.", success: .noContent)
            ) { call in
                try await teams(call).delete(call.key("id"))
                return .noContent
            },
        ]
    }

    private var ofTeamMembers: [Endpoint] {
        [
            Self.row(
                .get,
                "orgs/:org/teams/:id/members",
                needs: .member,
                .init("Who is in a team.", query: .pages)
            ) { call in
                let page = try await teams(call).members(of: call.key("id"), call.page())
                return try .list(page, call, self) { $0.value($1) }
            },
            Self.row(
                .put,
                "orgs/:org/teams/:id/members/:name",
                needs: .manage,
                .init(
                    "Takes somebody into a team, and into its organization where they are not in it.",
                    success: .noContent
                )
            ) { call in
                try await teams(call).add(call.parameter("name"), to: call.key("id"))
                return .noContent
            },
            Self.row(
                .delete,
                "orgs/:org/teams/:id/members/:name",
                needs: .manage,
                .init("Takes somebody out of a team.", success: .noContent)
            ) { call in
                try await teams(call).remove(call.parameter("name"), from: call.key("id"))
                return .noContent
            },
        ]
    }

    private var ofTeamRepositories: [Endpoint] {
        [
            Self.row(
                .get,
                "orgs/:org/teams/:id/repos",
                needs: .member,
                .init("The repositories of a team that who asks may read.", query: .pages)
            ) { call in
                let team = try await teams(call).get(call.key("id"))
                return try await list(RepositorySearch(.ofTeam(team.id)), call)
            },
            Self.row(
                .put,
                "orgs/:org/teams/:id/repos/:repo",
                needs: .manage,
                .init("Lets a team work in a repository of its organization.", success: .noContent)
            ) { call in
                try await teams(call).add(repository: call.parameter("repo"), to: call.key("id"))
                return .noContent
            },
            Self.row(
                .delete,
                "orgs/:org/teams/:id/repos/:repo",
                needs: .manage,
                .init("Takes a repository from a team.", success: .noContent)
            ) { call in
                try await teams(call).remove(repository: call.parameter("repo"), from: call.key("id"))
                return .noContent
            },
        ]
    }

    private func teams(_ call: Call) -> TeamStore {
        accounts.teams(of: call.organization, for: call.access.identity)
    }
}

extension HubFields {
    fileprivate func teamChange() throws -> TeamChange {
        try TeamChange(
            name: string("name"),
            description: string("description"),
            permission: word("permission"),
            reachesAll: boolean("includes_all_repositories")
        )
    }
}

extension Answer {
    fileprivate static func team(_ team: Team, status: HTTPResponse.Status = .ok) -> Answer {
        var json = JSONWriter()
        json.value(team)
        return Answer(json: json, status: status)
    }
}
