import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

/// Where a repository is reached, seen from who asks.
struct HubAddresses {
    /// The address of the server, as it was asked.
    let server: String
    /// Where `sshd` is reached; nil where there is none.
    let ssh: SSHAddress?

    init(_ call: Call, prefix: String, ssh: SSHAddress?) {
        self.init(server: ((try? call.origin()) ?? "http://localhost") + prefix, ssh: ssh)
    }

    /// - Parameters:
    ///   - server: The address of the server, with what stands before every path.
    ///   - ssh: Where `sshd` is reached.
    init(server: String, ssh: SSHAddress?) {
        (self.server, self.ssh) = (server, ssh)
    }

    func page(of place: RepositoryPlace) -> String { "\(server)/\(place.fullName)" }

    func api(_ path: String) -> String { "\(server)/api/v1/\(path)" }

    func api(of place: RepositoryPlace) -> String { api("repos/\(place.fullName)") }
}

extension JSONWriter {
    /// - Parameters:
    ///   - repository: A repository.
    ///   - glances: At it, and at what it was forked from.
    ///   - parent: What it was forked from, where that may be seen.
    ///   - addresses: Where the server is.
    ///   - largeFiles: What became of the large files, where it has just come from another server.
    ///   - arrival: What it lacks of what was to come into it.
    mutating func value(
        _ repository: Repository,
        _ glances: [WorkspaceID: GitGlance],
        parent: Repository? = nil,
        _ addresses: HubAddresses,
        largeFiles: LargeFileReport? = nil,
        arrival: Arrival? = nil
    ) {
        let place = repository.place
        let glance = glances[repository.id]
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
                json.value(parent, glances, addresses)
            } else {
                json.null()
            }
            json.field("empty", glance?.isEmpty ?? true)
            json.field("mirror", glance?.isMirror ?? false)
            json.field("size", ((glance?.sizeBytes ?? 0) + 1_023) / 1_024)
            json.field("html_url", addresses.page(of: place))
            json.field("ssh_url", addresses.ssh.map { .string($0.url(of: place.fullName)) } ?? JSON.null)
            json.field("clone_url", addresses.page(of: place) + ".git")
            json.field("website", repository.website)
            json.field("stars_count", repository.starCount)
            json.field("forks_count", repository.forkCount)
            json.field("watchers_count", repository.watcherCount)
            json.field("open_issues_count", 0)
            json.field("default_branch", glance?.defaultBranch ?? "main")
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
            if let largeFiles { json.object("large_files") { $0.fields(of: largeFiles) } }
            if let arrival {
                // Why, and from where, is for its admins.
                json.object("import") { json in
                    json.field("kind", arrival.kind)
                    json.field("state", arrival.word)
                }
            }
            json.permissions(repository.role)
        }
    }
}
