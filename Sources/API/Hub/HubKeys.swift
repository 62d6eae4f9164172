import Accounts
import Core
import HTTP
import HTTPTypes

/// Keys of SSH: of the account that asks, and of repositories.
extension Hub {
    private static let fields: [EndpointDescription.Field] = [
        .init("key", isRequired: true, "The line of a '.pub' file."),
        .init("title", "How it is called; the comment of the key where it is left out."),
    ]

    var keyEndpoints: [Endpoint] { ofAccount + ofRepository }

    private var ofAccount: [Endpoint] {
        [
            Self.row(
                .get,
                "user/keys",
                needs: .signedIn,
                .init("The keys of who asks.", query: .pages)
            ) { call in
                let page = try await keys(call).list(of: account(call), call.page())
                return try list(page, call)
            },
            Self.row(
                .post,
                "user/keys",
                needs: .signedIn,
                .init("Takes a key of who asks.", body: Self.fields, success: .created)
            ) { call in
                let fields = try await call.fields()
                let key = try await keys(call).add(
                    SSHPublicKey(fields.requiredString("key")),
                    title: fields.string("title") ?? ""
                )
                return .key(key, addresses(for: call).api("user/keys"), status: .created)
            },
            Self.row(.get, "user/keys/:id", needs: .signedIn, .init("A key of who asks.")) { call in
                .key(try await keys(call).get(call.key("id")), addresses(for: call).api("user/keys"))
            },
            Self.row(
                .delete,
                "user/keys/:id",
                needs: .signedIn,
                .init("Takes a key no longer.", success: .noContent)
            ) { call in
                try await keys(call).delete(call.key("id"))
                return .noContent
            },
            Self.row(
                .get,
                "users/:name/keys",
                needs: .signedIn,
                .init("The keys of a person.", query: .pages)
            ) { call in
                let person = try await profiles(call).get(call.parameter("name"))
                return try list(try await keys(call).list(of: person.id, call.page()), call)
            },
        ]
    }

    private var ofRepository: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/keys",
                needs: .admin,
                .init("The keys of a repository.", query: .pages)
            ) { call in
                let page = try await keys(call).list(of: call.repository.workspace, call.page())
                let url = addresses(for: call).api(of: call.repository) + "/keys"
                return try .list(page, call, self) { json, key in
                    json.object { $0.deployFields(of: key, url: url) }
                }
            },
            Self.row(
                .post,
                "repos/:owner/:repo/keys",
                needs: .admin,
                .init(
                    "Takes a key for this repository alone.",
                    body: Self.fields + [
                        .init(
                            "read_only",
                            .boolean,
                            "Whether the repository is only read with it; yes where it is left out."
                        )
                    ],
                    success: .created
                )
            ) { call in
                let fields = try await call.fields()
                let key = try await keys(call).add(
                    SSHPublicKey(fields.requiredString("key")),
                    title: fields.string("title") ?? "",
                    isReadOnly: fields.boolean("read_only") ?? true,
                    to: call.repository.workspace
                )
                return .deployKey(key, addresses(for: call).api(of: call.repository), status: .created)
            },
            Self.row(.get, "repos/:owner/:repo/keys/:id", needs: .admin, .init("A key of a repository.")) {
                call in
                let key = try await keys(call).get(call.key("id"), of: call.repository.workspace)
                return .deployKey(key, addresses(for: call).api(of: call.repository))
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/keys/:id",
                needs: .admin,
                .init("Takes a key of a repository no longer.", success: .noContent)
            ) { call in
                try await keys(call).delete(call.key("id"), of: call.repository.workspace)
                return .noContent
            },
        ]
    }

    private func keys(_ call: Call) -> KeyStore { accounts.keys(for: call.access.identity) }

    private func list(_ page: ListPage<StoredKey>, _ call: Call) throws -> Answer {
        let url = addresses(for: call).api("user/keys")
        return try .list(page, call, self) { json, key in
            json.object { $0.fields(of: key, url: url) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func deployFields(of key: StoredKey, url: String) {
        fields(of: key, url: url)
        field("read_only", key.isReadOnly)
    }
}

extension Answer {
    fileprivate static func key(
        _ key: StoredKey,
        _ url: String,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .json(status: status, capacityBytes: 1_024) { $0.fields(of: key, url: url) }
    }

    fileprivate static func deployKey(
        _ key: StoredKey,
        _ repository: String,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .json(status: status, capacityBytes: 1_024) { $0.deployFields(of: key, url: repository + "/keys") }
    }
}
