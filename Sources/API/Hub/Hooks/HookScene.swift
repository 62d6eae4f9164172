import Accounts
import Core
import Repositories

/// The repository in which something happened, and who did it, as hooks are told.
struct HookScene: Sendable {
    let repository: Repository
    let glances: [WorkspaceID: GitGlance]
    /// Nil for one without an account, who has a name all the same.
    let sender: Profile?
    let actor: String
    let addresses: HubAddresses
    /// Who may read the repository.
    let caller: Caller

    /// What a hook is told.
    ///
    /// - Parameters:
    ///   - action: What was done, where one event is several.
    ///   - write: Writes what is particular.
    /// - Returns: JSON.
    func text(action: String? = nil, _ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(capacityBytes: 4_096)
        json.object { json in
            if let action { json.field("action", action) }
            write(&json)
            json.key("repository")
            json.value(repository, glances, addresses)
            json.key("sender")
            writeSender(&json)
        }
        return json.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    func writeSender(_ json: inout JSONWriter) {
        guard let sender else {
            return json.object { json in
                json.field("login", actor)
                json.field("username", actor)
            }
        }
        json.value(sender)
    }
}
