internal import Crypto
import Synchronization

/// Remembers for a few minutes which passwords were right, so that clients that send one with each request do not cost a
/// slow hash each time.
///
/// Security: what is kept is a keyed hash under a key of this process alone, together with the address it came from, and
/// counts only while the credentials of the account are what they were.
final class VerifiedPasswords: Sendable {
    private static let limit = 4_096
    private static let lifetimeMs: Int64 = 5 * 60_000

    private struct Entry {
        let account: Int64
        let credentialsChangedMs: Int64
        let untilMs: Int64
    }

    private let key = SymmetricKey(size: .bits256)
    private let entries = Mutex<[[UInt8]: Entry]>([:])

    func isKnown(
        _ attempt: PasswordAttempt,
        of account: Int64,
        changedMs: Int64,
        at nowMs: Int64
    ) -> Bool {
        let mark = mark(of: attempt)
        return entries.withLock { entries in
            guard let entry = entries[mark], entry.untilMs > nowMs else { return false }
            return entry.account == account && entry.credentialsChangedMs == changedMs
        }
    }

    func remember(_ attempt: PasswordAttempt, of account: Int64, changedMs: Int64, at nowMs: Int64) {
        let mark = mark(of: attempt)
        entries.withLock { entries in
            if entries.count >= Self.limit {
                entries = entries.filter { $0.value.untilMs > nowMs }
                if entries.count >= Self.limit { entries.removeAll() }
            }
            entries[mark] = Entry(
                account: account,
                credentialsChangedMs: changedMs,
                untilMs: nowMs + Self.lifetimeMs
            )
        }
    }

    private func mark(of attempt: PasswordAttempt) -> [UInt8] {
        var mac = HMAC<SHA256>(key: key)
        for part in [attempt.login.lowercased(), attempt.address, attempt.password] {
            mac.update(data: Array("\(part.utf8.count):".utf8))
            mac.update(data: Array(part.utf8))
        }
        return Array(mac.finalize())
    }
}
