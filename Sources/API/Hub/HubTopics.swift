import Accounts
import Core
import HTTP
import HTTPTypes

/// Topics of repositories.
extension Hub {
    var topicEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/topics/search",
                needs: .open,
                .init(
                    "The topics of the repositories that who asks may read.",
                    query: [.init("q", "What a topic contains.")] + .pages
                )
            ) { try await searchTopics($0) },
            Self.row(
                .get,
                "topics/search",
                needs: .open,
                .init(
                    "The topics of the repositories that who asks may read.",
                    query: [.init("q", "What a topic contains.")] + .pages
                )
            ) { try await searchTopics($0) },
            Self.row(.get, "repos/:owner/:repo/topics", needs: .read, .init("The topics of a repository.")) {
                call in
                let repository = try await repositories(call).get(call.repository.workspace)
                return .json { json in
                    json.array("topics") { json in
                        for topic in repository.topics { json.value(topic) }
                    }
                }
            },
            Self.row(
                .put,
                "repos/:owner/:repo/topics",
                needs: .admin,
                .init(
                    "Gives a repository these topics and no others.",
                    body: [.init("topics", .texts, isRequired: true, "The topics.")],
                    success: .noContent
                )
            ) { call in
                guard let topics = try await call.fields().strings("topics") else {
                    throw Failure.invalid("'topics' is missing.")
                }
                try await repositories(call).set(
                    topics.map { try Topic($0) },
                    of: call.repository.workspace
                )
                return .noContent
            },
            Self.row(
                .put,
                "repos/:owner/:repo/topics/:topic",
                needs: .admin,
                .init("Gives a repository one topic more.", success: .noContent)
            ) { call in
                let topic = try Topic(call.parameter("topic"))
                try await repositories(call).add(topic, to: call.repository.workspace)
                return .noContent
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/topics/:topic",
                needs: .admin,
                .init("Takes a topic away.", success: .noContent)
            ) { call in
                let topic = try Topic(call.parameter("topic"))
                try await repositories(call).remove(topic, from: call.repository.workspace)
                return .noContent
            },
        ]
    }

    private func searchTopics(_ call: Call) async throws -> Answer {
        let page = try await repositories(call).topics(containing: call.query["q"] ?? "", call.page())
        var answer = Answer.json { json in
            json.array("topics") { json in
                for topic in page.elements {
                    json.object { json in
                        json.field("topic_name", topic.topic)
                        json.field("repo_count", topic.count)
                    }
                }
            }
        }
        answer.addPages(of: page.total, try call.page(), call, self)
        return answer
    }
}
