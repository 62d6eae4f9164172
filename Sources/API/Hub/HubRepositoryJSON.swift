import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Where a repository is reached, seen from who asks.
struct HubAddresses {
    /// The address of the server, as it was asked.
    let server: String

    init(_ call: Call, prefix: String) {
        let scheme = call.request.head.scheme ?? "http"
        server = "\(scheme)://\(call.request.head.authority ?? "localhost")\(prefix)"
    }

    func page(of place: RepositoryPlace) -> String { "\(server)/\(place.fullName)" }

    func api(_ path: String) -> String { "\(server)/api/v1/\(path)" }

    func api(of place: RepositoryPlace) -> String { api("repos/\(place.fullName)") }
}

extension JSONWriter {
    /// - Parameters:
    ///   - repository: A repository.
    ///   - isEmpty: Whether nothing was pushed to it yet.
    ///   - parent: What it was forked from, where that may be seen.
    ///   - addresses: Where the server is.
    mutating func value(
        _ repository: Repository,
        isEmpty: Bool,
        parent: (repository: Repository, isEmpty: Bool)? = nil,
        _ addresses: HubAddresses
    ) {
        let place = repository.place
        object { json in
            json.field("id", repository.id.key)
            json.key("owner")
            json.value(repository.owner)
            json.field("name", place.name)
            json.field("full_name", place.fullName)
            json.field("description", repository.description)
            json.field("private", !place.isPublic)
            json.field("fork", repository.forkedFrom != nil)
            json.key("parent")
            if let parent {
                json.value(parent.repository, isEmpty: parent.isEmpty, addresses)
            } else {
                json.null()
            }
            json.field("empty", isEmpty)
            json.field("mirror", false)
            json.field("size", 0)
            json.field("html_url", addresses.page(of: place))
            json.field("ssh_url", JSON.null)
            json.field("clone_url", addresses.page(of: place) + ".git")
            json.field("website", repository.website)
            json.field("stars_count", repository.starCount)
            json.field("forks_count", repository.forkCount)
            json.field("watchers_count", repository.watcherCount)
            json.field("open_issues_count", 0)
            json.field("default_branch", "main")
            json.field("archived", place.isArchived)
            json.array("topics") { json in
                for topic in repository.topics { json.value(topic) }
            }
            json.field("created_at", HubTime.text(repository.createdMs))
            json.field("updated_at", HubTime.text(repository.updatedMs))
            json.field("pushed_at", repository.pushedMs.map { .string(HubTime.text($0)) } ?? JSON.null)
            if let deletedMs = repository.deletedMs {
                json.field("deleted_at", HubTime.text(deletedMs))
            }
            json.permissions(repository.role)
        }
    }
}
