import Core
import FoundationEssentials
import HTTP
import Hummingbird
import Repositories

extension LFSEndpoints {
    func lock(_ call: Call) async throws -> Answer {
        let message = try await call.lfsMessage()
        try message.checkRef()
        let path = try LockPath(try message.string("path") ?? "")
        switch try await repositories.fileLocks(for: call.caller).lock(path) {
        case .locked(let lock):
            return .lfs(status: .created) { $0.lock(lock) }
        case .taken(let lock):
            return .lfs(status: .conflict) { json in
                json.lock(lock)
                json.field("message", "'\(path.text)' is locked already, by \(lock.owner).")
            }
        }
    }

    func listLocks(_ call: Call) async throws -> Answer {
        let query = call.query
        let search = FileLockStore.Search(
            path: query.nonempty("path"),
            id: query.nonempty("id"),
            cursor: query.nonempty("cursor"),
            limit: try Self.limit(Message(query: query).integer("limit"))
        )
        let found = try await repositories.fileLocks(for: call.caller).list(search)
        return .lfs { json in
            json.array("locks") { json in
                for lock in found.locks { json.object { $0.fields(of: lock) } }
            }
            if let next = found.next { json.field("next_cursor", next) }
        }
    }

    func verifyLocks(_ call: Call) async throws -> Answer {
        let message = try await call.lfsMessage()
        try message.checkRef()
        let cursor = try message.string("cursor") ?? ""
        let search = FileLockStore.Search(
            cursor: cursor.isEmpty ? nil : cursor,
            limit: try Self.limit(message.integer("limit"))
        )
        let found = try await repositories.fileLocks(for: call.caller).list(search)
        return .lfs { json in
            json.array("ours") { json in
                for lock in found.locks where lock.isHeld(by: call.caller) {
                    json.object { $0.fields(of: lock) }
                }
            }
            json.array("theirs") { json in
                for lock in found.locks where !lock.isHeld(by: call.caller) {
                    json.object { $0.fields(of: lock) }
                }
            }
            if let next = found.next { json.field("next_cursor", next) }
        }
    }

    func unlock(_ call: Call) async throws -> Answer {
        let message = try await call.lfsMessage()
        try message.checkRef()
        let lock = try await repositories.fileLocks(for: call.caller).unlock(
            call.parameter("id"),
            isForced: try message.boolean("force") ?? false
        )
        return .lfs { $0.lock(lock) }
    }

    private static let pageLimit: Int64 = 1_000

    /// How many locks one answer has; 0 is as many as the server likes.
    private static func limit(_ wished: Int64?) throws -> Int {
        guard let wished, wished != 0 else { return 100 }
        guard wished > 0 else { throw Failure.invalid("A limit is not negative.") }
        return Int(min(wished, pageLimit))
    }
}

extension Query {
    fileprivate func nonempty(_ key: String) -> String? {
        self[key].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension JSONWriter {
    fileprivate mutating func lock(_ lock: FileLock) {
        object("lock") { $0.fields(of: lock) }
    }

    fileprivate mutating func fields(of lock: FileLock) {
        field("id", lock.id)
        field("path", lock.path.text)
        field("locked_at", Date(timeIntervalSince1970: Double(lock.lockedMs / 1_000)).formatted(.iso8601))
        object("owner") { $0.field("name", lock.owner) }
    }
}
