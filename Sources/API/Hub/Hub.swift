package import Accounts
import Core
package import HTTP
import HTTPTypes
package import ObjectStore
package import Repositories
package import Webhooks

/// The hub's own interface, below `/api/v1`: accounts, repositories and what is in them.
///
/// Its shapes are those of Gogs and DagsHub, so that their clients work unchanged.
package struct Hub: Sendable {
    let accounts: Accounts
    /// Where the content of repositories is.
    let git: Repositories
    let webhooks: Webhooks
    /// Where files of releases are kept; nil where this server keeps none.
    let files: FileStore?
    /// What stands before every address.
    let prefix: String
    /// Where `sshd` is reached; nil where there is none.
    let ssh: SSHAddress?
    /// That of this program.
    let version: String

    package init(
        accounts: Accounts,
        _ repositories: Repositories,
        _ webhooks: Webhooks,
        files: FileStore? = nil,
        prefix: String = "",
        ssh: SSHAddress? = nil,
        version: String = "0.0.0"
    ) {
        self.accounts = accounts
        git = repositories
        self.webhooks = webhooks
        self.files = files
        self.prefix = prefix
        self.ssh = ssh
        self.version = version
    }

    package var endpoints: [Endpoint] {
        let endpoints =
            userEndpoints + profileEndpoints + organizationEndpoints + teamEndpoints + repositoryEndpoints
            + repositoryListEndpoints + attentionEndpoints + topicEndpoints + collaboratorEndpoints
            + keyEndpoints
            + versionEndpoints + contentEndpoints + fileEndpoints + objectEndpoints + refEndpoints
            + commitEndpoints + changeEndpoints + mergeEndpoints
            + uploadEndpoints
            + ruleEndpoints + tokenEndpoints + mirrorEndpoints + arrivalEndpoints + hookEndpoints
            + releaseEndpoints
        return endpoints + [OpenAPI.endpoint(of: endpoints, prefix: prefix)]
    }

    func addresses(for call: Call) -> HubAddresses { HubAddresses(call, prefix: prefix, ssh: ssh) }

    func repositories(_ call: Call) -> RepositoryStore { accounts.repositories(for: call.access.identity) }

    func profiles(_ call: Call) -> ProfileStore { accounts.profiles(for: call.access.identity) }

    func organizations(_ call: Call) -> OrganizationStore {
        accounts.organizations(for: call.access.identity)
    }

    /// The account of who asks.
    func account(_ call: Call) throws -> AccountID {
        guard let account = call.access.identity.account else {
            throw Failure(.unauthenticated, "Sign in: this needs an account.")
        }
        return account
    }

    /// A row of the hub.
    static func row(
        _ method: HTTPRequest.Method,
        _ path: String,
        needs right: Right,
        _ description: EndpointDescription,
        handler: @escaping Endpoint.Handler
    ) -> Endpoint {
        Endpoint(method, path, in: .hub, needs: right, described: description, handler: handler)
    }
}

extension [EndpointDescription.Field] {
    /// What every list takes.
    static var pages: Self {
        [
            .init("page", .integerFrom(1, to: PageRequest.lastNumber), "Which page, from 1."),
            .init(
                "limit",
                .integerFrom(0, to: PageRequest.mostLimit),
                "How many on a page, \(PageRequest.standardLimit) where it is left out or 0; more than \(PageRequest.mostLimit) is cut to that."
            ),
        ]
    }
}
