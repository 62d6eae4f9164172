import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Lists of repositories: each holds only what who asks may read.
extension Hub {
    private static let sorting: [EndpointDescription.Field] = [
        .init("sort", .word(RepositorySearch.Order.words), "What they are sorted by."),
        .init("order", .word(Direction.words), "Which come first."),
    ]

    private enum Direction: String, CaseIterable {
        case ascending = "asc"
        case descending = "desc"
    }

    var repositoryListEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/search",
                needs: .open,
                .init(
                    "Repositories that who asks may read.",
                    query: [
                        .init("q", "What the name or the description contains."),
                        .init("uid", .integer, "The key of their owner."),
                        .init("topic", "The topic that they have; true for that which q names."),
                    ] + Self.sorting + .pages
                )
            ) { call in
                try await search(call)
            },
            Self.row(
                .get,
                "user/repos",
                needs: .signedIn,
                .init(
                    "What who asks owns, was given a right in, or reaches by an organization.",
                    query: Self.sorting + .pages
                )
            ) { call in
                try await list(sorted(.reachedBy(account(call)), call), call)
            },
            Self.row(
                .get,
                "user/repos/deleted",
                needs: .signedIn,
                .init("The deleted repositories that who asks can take back.", query: .pages)
            ) { call in
                let page = try await repositories(call).deleted(call.page())
                return try await answer(page, call)
            },
            ofAccount("users/:name/repos", "The repositories of a person or an organization."),
            ofAccount("orgs/:name/repos", "The repositories of an organization."),
            ofAccount("org/:name/repos", "The repositories of an organization."),
            Self.row(
                .get,
                "repos/:owner/:repo/forks",
                needs: .read,
                .init("The repositories that come from this one.", query: Self.sorting + .pages)
            ) { call in
                try await list(sorted(.forksOf(call.repository.workspace), call), call)
            },
            Self.row(
                .get,
                "user/starred",
                needs: .signedIn,
                .init("The repositories to which who asks gives a star.", query: Self.sorting + .pages)
            ) { call in
                try await list(sorted(.starredBy(account(call)), call), call)
            },
            Self.row(
                .get,
                "users/:name/starred",
                needs: .signedIn,
                .init("The repositories to which a person gives a star.", query: Self.sorting + .pages)
            ) { call in
                let person = try await profiles(call).get(call.parameter("name"))
                return try await list(sorted(.starredBy(person.id), call), call)
            },
            Self.row(
                .get,
                "user/subscriptions",
                needs: .signedIn,
                .init("The repositories that who asks watches.", query: Self.sorting + .pages)
            ) { call in
                try await list(sorted(.watchedBy(account(call)), call), call)
            },
        ]
    }

    func list(_ search: RepositorySearch, _ call: Call) async throws -> Answer {
        try await answer(try await repositories(call).list(search, call.page()), call)
    }

    private func answer(_ page: ListPage<Repository>, _ call: Call) async throws -> Answer {
        let addresses = addresses(for: call)
        let glances = try await git.glances(at: page.elements.map(\.id))
        return try .list(page, call, self) { $0.value($1, glances, addresses) }
    }

    private func ofAccount(_ path: String, _ summary: String) -> Endpoint {
        Self.row(.get, path, needs: .open, .init(summary, query: Self.sorting + .pages)) { call in
            let onlooker = try onlooker(call)
            let owner = try await visible(call.parameter("name"), for: onlooker)
            let store = accounts.repositories(for: onlooker)
            return try await answer(store.list(sorted(.ownedBy(owner.id), call), call.page()), call)
        }
    }

    private func search(_ call: Call) async throws -> Answer {
        let query = call.query
        var (text, topic) = (query["q"] ?? "", query["topic"].flatMap { $0.isEmpty ? nil : $0 })
        if topic == "true" { (text, topic) = ("", text.lowercased()) }
        let owner = try query.number("uid").flatMap { $0 == 0 ? nil : AccountID(key: Int64($0)) }
        let search = try sorted(owner.map { .ownedBy($0) } ?? .everywhere, call, text: text, topic: topic)
        let page = try await repositories(call).list(search, call.page())
        let addresses = addresses(for: call)
        let glances = try await git.glances(at: page.elements.map(\.id))
        return try .found(page, call, self) { $0.value($1, glances, addresses) }
    }

    private func sorted(
        _ scope: RepositorySearch.Scope,
        _ call: Call,
        text: String = "",
        topic: String? = nil
    ) throws -> RepositorySearch {
        let query = call.query
        return RepositorySearch(
            scope,
            text: text,
            topic: topic,
            order: try query.word("sort") ?? .name,
            isDescending: try query.word("order", of: Direction.self) == .descending
        )
    }
}
