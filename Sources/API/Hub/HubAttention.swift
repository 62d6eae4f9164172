import Accounts
import Core
import HTTP
import HTTPTypes

/// Stars and watches.
extension Hub {
    var attentionEndpoints: [Endpoint] {
        [
            givers("stargazers", of: .star, "Who gives a repository a star."),
            givers("stars", of: .star, "Who gives a repository a star."),
            givers("subscribers", of: .watch, "Who watches a repository."),
            Self.row(
                .get,
                "user/starred/:owner/:repo",
                needs: .read,
                .init("204 where who asks gives the repository a star, else 404.", success: .noContent)
            ) { call in
                guard try await repositories(call).gives(.star, to: call.repository.workspace) else {
                    throw Failure.missing("You give '\(call.repository.fullName)' no star.")
                }
                return .noContent
            },
            Self.row(
                .put,
                "user/starred/:owner/:repo",
                needs: .read,
                .init("Gives a repository a star.", success: .noContent)
            ) { call in
                try await repositories(call).give(.star, to: call.repository.workspace)
                return .noContent
            },
            Self.row(
                .delete,
                "user/starred/:owner/:repo",
                needs: .read,
                .init("Takes a star back.", success: .noContent)
            ) { call in
                try await repositories(call).withdraw(.star, from: call.repository.workspace)
                return .noContent
            },
            Self.row(
                .get,
                "repos/:owner/:repo/subscription",
                needs: .read,
                .init("Whether who asks watches the repository; else 404.")
            ) { call in
                guard try await repositories(call).gives(.watch, to: call.repository.workspace) else {
                    throw Failure.missing("You do not watch '\(call.repository.fullName)'.")
                }
                return .subscription(addresses(for: call).api(of: call.repository))
            },
            Self.row(
                .put,
                "repos/:owner/:repo/subscription",
                needs: .read,
                .init("Watches a repository.")
            ) { call in
                try await repositories(call).give(.watch, to: call.repository.workspace)
                return .subscription(addresses(for: call).api(of: call.repository))
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/subscription",
                needs: .read,
                .init("No longer watches a repository.", success: .noContent)
            ) { call in
                try await repositories(call).withdraw(.watch, from: call.repository.workspace)
                return .noContent
            },
        ]
    }

    private func givers(_ path: String, of attention: Attention, _ summary: String) -> Endpoint {
        Self.row(.get, "repos/:owner/:repo/\(path)", needs: .read, .init(summary, query: .pages)) { call in
            let page = try await repositories(call).givers(
                of: attention,
                to: call.repository.workspace,
                call.page()
            )
            return try .list(page, call, self) { $0.value($1) }
        }
    }
}

extension Answer {
    fileprivate static func subscription(_ address: String) -> Answer {
        .json { json in
            json.field("subscribed", true)
            json.field("ignored", false)
            json.field("url", address + "/subscription")
            json.field("repository_url", address)
        }
    }
}
