import Core
import Database

/// Somebody says that they are somebody.
package struct PasswordAttempt: Sendable, Hashable {
    package let login: String
    package let password: String
    /// From where the request came, as text without its port.
    package let address: String

    package init(login: String, password: String, address: String) {
        self.login = login
        self.password = password
        self.address = address
    }
}

/// Counts attempts to sign in, so that nobody tries many passwords.
///
/// An attempt counts before its password is looked at, so that a thousand at the same time are a thousand; one that
/// succeeds is taken back. Counts are for a login from an address, for a login, and for an address.
struct AttemptRows {
    static let windowMs: Int64 = 15 * 60_000

    /// Which of the counts is full.
    enum Lock: Sendable, Hashable {
        case none
        /// The login, from wherever it is tried: told as a wrong password.
        case login
        case address(untilMs: Int64)
    }

    private struct Place {
        let name: String
        let limit: Int64
    }

    let connection: any Connection

    /// Which lock an attempt meets, without counting it.
    func lock(for attempt: PasswordAttempt) throws -> Lock {
        try lock(among: try counts(of: attempt), for: attempt)
    }

    /// Counts an attempt, unless it meets a lock.
    func begin(_ attempt: PasswordAttempt) throws -> Lock {
        let places = Self.places(of: attempt)
        try connection.lock("sign-in \(places[0].name)", sharing: [])
        let lock = try lock(for: attempt)
        switch lock {
        case .address: return lock
        case .login:
            // Security: the address goes on to be counted, or it could have passwords hashed without end.
            try count([places[2]])
        case .none: try count(places)
        }
        return lock
    }

    private func count(_ places: [Place]) throws {
        // In the order of their names, so that two attempts never wait for each other's rows.
        for place in places.sorted(by: { $0.name < $1.name }) {
            try connection.execute(
                """
                INSERT INTO sign_in_attempts (place, failures, first_ms, last_ms)
                VALUES (\(place.name), 1, \(connection.nowMs), \(connection.nowMs))
                ON CONFLICT (place) DO UPDATE SET
                    failures = CASE WHEN sign_in_attempts.first_ms <= \(connection.nowMs - Self.windowMs)
                        THEN 1 ELSE sign_in_attempts.failures + 1 END,
                    first_ms = CASE WHEN sign_in_attempts.first_ms <= \(connection.nowMs - Self.windowMs)
                        THEN excluded.first_ms ELSE sign_in_attempts.first_ms END,
                    last_ms = excluded.last_ms
                """
            )
        }
    }

    /// Takes back an attempt that was not judged.
    func withdraw(_ attempt: PasswordAttempt) throws {
        for place in Self.places(of: attempt).sorted(by: { $0.name < $1.name }) {
            try connection.execute(
                "UPDATE sign_in_attempts SET failures = failures - 1 WHERE place = \(place.name) AND failures > 0"
            )
        }
    }

    /// Takes back an attempt that was no failure; those before it from the same place are forgiven.
    func forgive(_ attempt: PasswordAttempt) throws {
        let places = Self.places(of: attempt)
        try connection.execute("DELETE FROM sign_in_attempts WHERE place = \(places[0].name)")
        for place in places.dropFirst().sorted(by: { $0.name < $1.name }) {
            try connection.execute(
                "UPDATE sign_in_attempts SET failures = failures - 1 WHERE place = \(place.name) AND failures > 0"
            )
        }
    }

    /// Removes what no longer counts.
    func removeOld() throws {
        try connection.execute(
            "DELETE FROM sign_in_attempts WHERE first_ms <= \(connection.nowMs - Self.windowMs)"
        )
    }

    private func counts(of attempt: PasswordAttempt) throws -> [String: (failures: Int64, firstMs: Int64)] {
        let names = Self.places(of: attempt).map(\.name)
        let rows = try connection.rows(
            "SELECT place, failures, first_ms FROM sign_in_attempts WHERE place \(anyOf: names)"
        ) { ($0.text(0), $0.int(1), $0.int(2)) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, ($0.1, $0.2)) })
    }

    private func lock(
        among counts: [String: (failures: Int64, firstMs: Int64)],
        for attempt: PasswordAttempt
    ) throws -> Lock {
        let full = Self.places(of: attempt).map { place -> Int64? in
            guard let count = counts[place.name], count.failures >= place.limit,
                count.firstMs > connection.nowMs - Self.windowMs
            else { return nil }
            return count.firstMs + Self.windowMs
        }
        if let untilMs = full[2] { return .address(untilMs: untilMs) }
        return full[0] != nil || full[1] != nil ? .login : .none
    }

    /// A login from an address, the login, and the address.
    private static func places(of attempt: PasswordAttempt) -> [Place] {
        // What nobody could be called is one place, so that no text of a caller fills the table.
        let login = (try? AccountName(attempt.login))?.key ?? "-"
        return [
            Place(name: "login \(login) from \(attempt.address)", limit: 10),
            Place(name: "login \(login)", limit: 100),
            Place(name: "address \(attempt.address)", limit: 50),
        ]
    }
}
