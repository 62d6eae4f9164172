import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Somebody who looks at a page: who, where, and what they may do there.
struct Visit: Sendable {
    let call: Call
    let settings: WebSettings

    var caller: Caller { call.caller }
    var identity: Identity { call.access.identity }
    /// Whether they have an account here, or are the local person.
    var isSignedIn: Bool { identity.account != nil }
    var isServerAdmin: Bool { identity.isServerAdmin }
    /// The repository that the address names; nil in the default workspace and on pages of the server.
    var repository: RepositoryPlace? { call.access.repository }
    var mayWrite: Bool { (call.access.role ?? .read) >= .write && repository?.isArchived != true }
    var mayAdmin: Bool { call.access.role == .admin }

    /// The number of a page of a list, as a word of the address has it: from 1, and no greater than any list has.
    func pageNumber(_ word: String = "page") -> Int {
        min(max(1, query(word).flatMap { Int($0) } ?? 1), PageRequest.lastNumber)
    }

    /// The address of the server.
    var root: Address { Address(settings.prefix) }

    /// The address below which the pages of the workspace are: the server's, or the repository's.
    var base: Address {
        guard let repository else { return root }
        return root[repository.owner][repository.name]
    }

    /// The address of the workspace's MLflow service, below which `api/2.0/mlflow/…` is.
    var service: Address {
        guard let repository else { return root }
        return root[repository.owner][repository.name + ".mlflow"]
    }

    /// What the workspace is called.
    var workspaceName: String { repository?.fullName ?? "default" }

    /// The address of the server as the visitor's browser has it, such as `http://127.0.0.1:5000`; for lines to copy.
    var origin: String { ((try? call.origin()) ?? "http://127.0.0.1:5000") + settings.prefix }

    /// What an MLflow client of this workspace is told.
    var trackingURI: String {
        guard let repository else { return origin }
        return "\(origin)/\(repository.owner)/\(repository.name).mlflow"
    }

    /// Light, dark, or as the system has it; as the visitor chose.
    var theme: Theme { Theme(call.request) }

    /// The address that the visitor is at, with its query.
    var here: String { call.request.uri.description }

    func query(_ key: String) -> String? { call.query[key].flatMap { $0.isEmpty ? nil : $0 } }
}
