import FoundationEssentials

package import Core
package import Database

/// The databases that store tests run on: SQLite always, PostgreSQL where `TEST_POSTGRES_URL` names one.
package enum Backend: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    package static var available: [Backend] {
        postgresURI == nil ? [.sqlite] : [.sqlite, .postgres]
    }

    fileprivate static var postgresURI: String? { ProcessInfo.processInfo.environment["TEST_POSTGRES_URL"] }
}

/// Runs a test on a database of its own: a new file, or a new schema of PostgreSQL.
///
/// What a failing test leaves behind stays, and its place is printed. The time that servers share is the test's, too, unless
/// it asks for PostgreSQL's own.
package func withDatabase<T>(
    on backend: Backend,
    migrations: [Migration],
    clock: Clock = .system,
    sharesTime: Bool = false,
    _ body: (any Database) async throws -> T
) async throws -> T {
    switch backend {
    case .sqlite:
        let folder = try TemporaryFolder()
        let result = try await use(
            try SQLiteDatabase(path: folder.path + "/roost.db", clock: clock),
            migrations,
            at: folder.path,
            body
        )
        try folder.remove()
        return result
    case .postgres:
        await PostgresGate.shared.enter()
        do {
            let result = try await useSchema(migrations, clock: clock, sharesTime: sharesTime, body)
            await PostgresGate.shared.leave()
            return result
        } catch {
            await PostgresGate.shared.leave()
            throw error
        }
    }
}

private func useSchema<T>(
    _ migrations: [Migration],
    clock: Clock,
    sharesTime: Bool,
    _ body: (any Database) async throws -> T
) async throws -> T {
    guard let server = Backend.postgresURI else { preconditionFailure("TEST_POSTGRES_URL is not set") }
    let schema = "test_" + randomName()
    let admin = try PostgresDatabase(uri: server, connectionCount: 1)
    try await admin.write { _ = try $0.execute(SQL(trusted: "CREATE SCHEMA \(schema)")) }
    let separator = server.contains("?") ? "&" : "?"
    let result = try await use(
        try PostgresDatabase(
            uri: "\(server)\(separator)options=-csearch_path%3D\(schema)",
            connectionCount: 3,
            clock: clock,
            sharesTime: sharesTime
        ),
        migrations,
        at: schema,
        body
    )
    try await admin.write { _ = try $0.execute(SQL(trusted: "DROP SCHEMA \(schema) CASCADE")) }
    try await admin.close()
    return result
}

/// Lets so many tests onto PostgreSQL at a time as it has connections for.
private actor PostgresGate {
    static let shared = PostgresGate()

    private var free = 12
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

private func use<T>(
    _ database: any Database,
    _ migrations: [Migration],
    at place: String,
    _ body: (any Database) async throws -> T
) async throws -> T {
    do {
        try await database.migrate(migrations)
        let result = try await body(database)
        try await database.close()
        return result
    } catch {
        print("The database of the failed test is kept at \(place)")
        try await database.close()
        throw error
    }
}

/// A folder of its own for one test.
package struct TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.path + "/roost-test-" + randomName()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    package func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }
}

private func randomName() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
}
