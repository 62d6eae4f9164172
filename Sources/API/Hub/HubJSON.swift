import Accounts
import Core
import FoundationEssentials

/// - Source: the dagshub client 0.7.3, `common/api/responses.py`; Gogs, `internal/route/api/v1`.
extension JSONWriter {
    mutating func value(_ profile: Profile) {
        object { $0.fields(of: profile) }
    }

    mutating func fields(of profile: Profile) {
        field("id", profile.id.key)
        field("login", profile.login)
        field("username", profile.login)
        field("full_name", profile.fullName)
        field("type", profile.kind == .user ? "User" : "Organization")
        field("email", profile.email ?? "")
        field("avatar_url", JSON.null)
        field("public_email", JSON.null)
        field("company", JSON.null)
        field("website", profile.website)
        field("location", profile.location)
        field("description", profile.description)
        field("created", HubTime.text(profile.createdMs))
    }

    mutating func value(_ member: OrganizationMember) {
        object { json in
            json.fields(of: member.profile)
            json.field("role", member.role.rawValue)
        }
    }

    mutating func value(_ collaborator: Collaborator) {
        object { json in
            json.fields(of: collaborator.profile)
            json.permissions(collaborator.role)
        }
    }

    mutating func permissions(_ role: Role?) {
        object("permissions") { json in
            json.field("admin", role == .admin)
            json.field("push", role.map { $0 >= .write } ?? false)
            json.field("pull", role != nil)
        }
    }

    mutating func value(_ team: Team) {
        object { json in
            json.field("id", team.id)
            json.field("name", team.name)
            json.field("description", team.description)
            json.field("permission", team.role?.rawValue ?? "none")
            json.field("includes_all_repositories", team.reachesAll)
        }
    }

    mutating func fields(of key: StoredKey, url: String) {
        field("id", key.id)
        field("key", key.text)
        field("url", "\(url)/\(key.id)")
        field("title", key.title)
        field("fingerprint", key.fingerprint)
        field("created_at", HubTime.text(key.createdMs))
        field("last_used_at", key.lastUsedMs.map { .string(HubTime.text($0)) } ?? JSON.null)
    }
}

/// Times as the hub writes them: `2026-11-26T20:04:51Z`.
enum HubTime {
    static func text(_ epochMs: Int64) -> String {
        Date(timeIntervalSince1970: Double(epochMs / 1_000)).formatted(.iso8601)
    }

    static func year(ofSeconds seconds: Int64) -> Int {
        Int(text(seconds * 1_000).prefix { $0 != "-" }) ?? 1970
    }
}
