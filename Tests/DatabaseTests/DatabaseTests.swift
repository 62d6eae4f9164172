import Core
import Database
import Synchronization
import TestSupport
import Testing

private let counters = Migration(
    "0001 counters",
    "CREATE TABLE counters (name \(.text) NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"
)

private let everyType = Migration(
    "0002 every type",
    """
    CREATE TABLE every_type (
        id \(.identityKey), number BIGINT, fraction DOUBLE PRECISION, words \(.text), flag BOOLEAN, bytes \(.blob)
    )
    """
)

private func count(_ database: any Database) async throws -> Int64 {
    try await database.read { try $0.first("SELECT count(*) FROM counters") { $0.int(0) } } ?? -1
}

@Suite struct DatabaseTests {
    @Test(arguments: Backend.available)
    func `a thousand concurrent writes are all there`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<1_000 {
                    group.addTask {
                        try await database.write {
                            _ = try $0.execute("INSERT INTO counters VALUES (\("n\(number)"), \(number))")
                        }
                    }
                }
                try await group.waitForAll()
            }

            #expect(try await count(database) == 1_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a failing write leaves nothing and does not touch its neighbours`(on backend: Backend) async throws
    {
        struct Refused: Error {}
        try await withDatabase(on: backend, migrations: [counters]) { database in
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            try await database.write {
                                try $0.execute("INSERT INTO counters VALUES (\("n\(number)"), \(number))")
                                if number % 3 == 0 { throw Refused() }
                            }
                            return number % 3 != 0
                        } catch {
                            return error is Refused && number % 3 == 0
                        }
                    }
                }
                for await isRight in group { #expect(isRight) }
            }

            let rows = try await count(database)
            #expect(rows == 133)
        }
    }

    @Test(arguments: Backend.available)
    func `a broken constraint is a unique violation and rolls back`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.write { _ = try $0.execute("INSERT INTO counters VALUES ('a', 1)") }

            let error = await #expect(throws: DatabaseError.self) {
                try await database.write {
                    try $0.execute("INSERT INTO counters VALUES ('b', 1)")
                    try $0.execute("INSERT INTO counters VALUES ('a', 2)")
                }
            }

            #expect(error?.kind == .uniqueViolation)
            let rows = try await count(database)
            #expect(rows == 1)
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `a write whose rows go under its hands runs again and leaves what it did the last time`(
        on backend: Backend
    ) async throws {
        let runs = Mutex(0)
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.write { connection in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                try connection.execute("INSERT INTO counters VALUES (\("n\(run)"), \(run))")
                if run < 3 { throw DatabaseError.gone("a counter") }
            }

            let names = try await database.read { try $0.rows("SELECT name FROM counters") { $0.text(0) } }
            #expect(names == ["n3"])
        }
    }

    /// Where the row that is referred to goes between two statements, the next run finds that it is gone.
    @Test(arguments: Backend.available)
    func `what refers to nothing is tried again on PostgreSQL, and is a violation where that stays`(
        on backend: Backend
    ) async throws {
        let notes = Migration(
            "0003 notes",
            "CREATE TABLE notes (counter \(.text) NOT NULL REFERENCES counters (name))"
        )
        let runs = Mutex(0)
        try await withDatabase(on: backend, migrations: [counters, notes]) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    runs.withLock { $0 += 1 }
                    try connection.execute("INSERT INTO notes VALUES ('gone')")
                }
            }
            #expect(error?.kind == .foreignKeyViolation)
            #expect(runs.withLock { $0 } == (backend == .postgres ? 3 : 1))
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `who waits too long for a lock begins again`(on backend: Backend) async throws {
        let runs = Mutex(0)
        let waiting = Mutex<Task<Void, any Error>?>(nil)
        let count: @Sendable (any Connection) throws -> Void = { connection in
            runs.withLock { $0 += 1 }
            try connection.execute("SET LOCAL lock_timeout = '20ms'")
            try connection.execute("UPDATE counters SET value = value + 1")
        }
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.write { _ = try $0.execute("INSERT INTO counters VALUES ('a', 1)") }

            try await database.write { connection in
                try connection.execute("UPDATE counters SET value = 2")
                waiting.withLock { $0 = Task { try await database.write(count) } }
                while runs.withLock({ $0 }) < 3 {}
            }

            let task = try #require(waiting.withLock { $0 })
            try await task.value
            let value = try await database.read { try $0.first("SELECT value FROM counters") { $0.int(0) } }
            #expect(value == 3)
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `sessions have limits, and migrations wait for locks without one`(on backend: Backend) async throws {
        let seen = Migration(
            "0003 seen",
            "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock_timeout"
        )
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.migrate([counters, seen])

            let settings = try await database.read { connection in
                try connection.first(
                    """
                    SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
                        lock_timeout
                    FROM seen
                    """
                ) { [$0.text(0), $0.text(1), $0.text(2)] }
            }

            #expect(settings == ["30s", "1min", "0"])
        }
    }

    @Test(arguments: Backend.available)
    func `hooks run after the commit and never after a failure`(on backend: Backend) async throws {
        struct Refused: Error {}
        let calls = Mutex<[String]>([])
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.write { $0.afterCommit { calls.withLock { $0.append("kept") } } }
            try? await database.write {
                $0.afterCommit { calls.withLock { $0.append("lost") } }
                throw Refused()
            }
            try await database.write { _ in }

            #expect(calls.withLock { $0 } == ["kept"])
        }
    }

    @Test(arguments: Backend.available)
    func `every type comes back as it went`(on backend: Backend) async throws {
        let texts = ["", "plain", "späte Größe 🪺", "it's \"quoted\" \\ $1 ?"]
        let numbers: [Int64] = [0, -1, .max, .min]
        let fractions = [0.1, -1.7976931348623157e308, .leastNonzeroMagnitude, 1e15]
        try await withDatabase(on: backend, migrations: [everyType]) { database in
            try await database.write { connection in
                let values = (0..<4).flatMap { row -> [Value] in
                    [
                        .integer(numbers[row]), .real(fractions[row]), .text(texts[row]),
                        .boolean(row % 2 == 0),
                        .blob([UInt8](repeating: UInt8(row * 80), count: row)),
                    ]
                }
                let inserted = try connection.insert(
                    into: "every_type",
                    ["number", "fraction", "words", "flag", "bytes"],
                    values: values
                )
                #expect(inserted == 4)
                try connection.execute("INSERT INTO every_type (number) VALUES (\(Int64?.none))")
            }

            try await database.read { connection in
                var row = 0
                let query: SQL =
                    "SELECT number, fraction, words, flag, bytes FROM every_type ORDER BY id LIMIT 4"
                try connection.forEach(query) {
                    #expect($0.int(0) == numbers[row])
                    #expect($0.double(1) == fractions[row])
                    #expect($0.text(2) == texts[row])
                    #expect($0.bool(3) == (row % 2 == 0))
                    #expect($0.blob(4) == [UInt8](repeating: UInt8(row * 80), count: row))
                    row += 1
                }
                #expect(row == 4)
                let empty = try connection.first("SELECT number, words FROM every_type WHERE number IS NULL")
                {
                    [$0.isNull(0), $0.optionalText(1) == nil]
                }
                #expect(empty == [true, true])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a list of keys is one value and fragments nest`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.write { connection in
                let values = (0..<10).flatMap { [Value.text("n\($0)"), .integer(Int64($0))] }
                try connection.insert(into: "counters", ["name", "value"], values: values)
            }
            let conditions: [SQL] = ["value \(anyOf: [2, 3, 5, 7, 11])", "name <> \("n3")"]

            let found = try await database.read {
                try $0.rows(
                    "SELECT value FROM counters WHERE \(conditions.joined(separator: " AND ")) ORDER BY value"
                ) { $0.int(0) }
            }

            #expect(found == [2, 5, 7])
        }
    }

    @Test(arguments: Backend.available)
    func `a list of texts is one value, whatever they hold`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            let names = ["a", "7", "it's \"quoted\" \\", "é", "e\u{301}", "", "line\nbreak", "🌸"]
            try await database.write { connection in
                let values = (names + ["b"]).enumerated().flatMap { [Value.text($1), .integer(Int64($0))] }
                try connection.insert(into: "counters", ["name", "value"], values: values)
            }

            let found = try await database.read {
                let query: SQL =
                    "SELECT value FROM counters WHERE name \(anyOf: names.filter { $0 != "a" }) ORDER BY value"
                return try $0.rows(query) { $0.int(0) }
            }
            let none = try await database.read {
                try $0.rows("SELECT value FROM counters WHERE name \(anyOf: [String]())") { $0.int(0) }
            }

            #expect(found == [1, 2, 3, 4, 5, 6, 7])
            #expect(none == [])
        }
    }

    @Test(arguments: Backend.available)
    func `an inserted duplicate can be passed over`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            let changed = try await database.write { connection in
                try connection.insert(
                    into: "counters",
                    ["name", "value"],
                    values: [.text("a"), .integer(1), .text("b"), .integer(2), .text("a"), .integer(3)],
                    "ON CONFLICT (name) DO NOTHING"
                )
            }

            #expect(changed == 2)
            let rows = try await count(database)
            #expect(rows == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `a database of an older version gets what it lacks, each step for itself`(
        on backend: Backend
    ) async throws {
        let broken = Migration(
            "0003 broken",
            "CREATE TABLE broken (id BIGINT)",
            "INSERT INTO no_such_table VALUES (1)"
        )
        try await withDatabase(on: backend, migrations: [counters]) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.migrate([counters, everyType, broken])
            }

            try await database.migrate([counters, everyType])
            let applied = try await database.read { connection in
                try connection.rows("SELECT name FROM migrations ORDER BY name") { $0.text(0) }
            }
            #expect(applied == ["0001 counters", "0002 every type"])
            #expect(
                try await database.read { try $0.rows("SELECT id FROM every_type") { $0.int(0) } }.isEmpty
            )
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT id FROM broken") { $0.int(0) } }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a database of a newer version is refused by name`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters, everyType]) { database in
            let error = await #expect(throws: Failure.self) { try await database.migrate([counters]) }

            #expect(error?.code == .invalidState)
            #expect(error?.message.contains("0002 every type") == true)
            try await database.migrate([counters, everyType])
        }
    }

    @Test(arguments: Backend.available)
    func `a snapshot does not see what is written after it began`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            let isOpen = Mutex(false)
            let isWritten = Mutex(false)
            async let seen = database.read { connection in
                let before = try connection.first("SELECT count(*) FROM counters") { $0.int(0) }
                isOpen.withLock { $0 = true }
                while !isWritten.withLock({ $0 }) {}
                return [before, try connection.first("SELECT count(*) FROM counters") { $0.int(0) }]
            }
            while !isOpen.withLock({ $0 }) { await Task.yield() }
            try await database.write { _ = try $0.execute("INSERT INTO counters VALUES ('a', 1)") }
            isWritten.withLock { $0 = true }

            let counts = try await seen
            #expect(counts == [0, 0])
            let rows = try await count(database)
            #expect(rows == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a glance sees what was written, and its errors and hooks are those of a read`(
        on backend: Backend
    )
        async throws
    {
        struct Refused: Error {}
        let calls = Mutex<[String]>([])
        try await withDatabase(on: backend, migrations: [counters]) { database in
            for number in 1...3 {
                try await database.write {
                    _ = try $0.execute("INSERT INTO counters VALUES (\("n\(number)"), \(number))")
                }
                let sum = try await database.glance { connection in
                    connection.afterCommit { calls.withLock { $0.append("kept") } }
                    return try connection.first("SELECT count(*) FROM counters") { $0.int(0) }
                }
                #expect(sum == Int64(number))
            }
            await #expect(throws: Refused.self) {
                try await database.glance { connection in
                    connection.afterCommit { calls.withLock { $0.append("lost") } }
                    throw Refused()
                }
            }
            await #expect(throws: DatabaseError.self) {
                try await database.glance { try $0.first("SELECT nothing FROM counters") { $0.int(0) } }
            }

            #expect(calls.withLock { $0 } == ["kept", "kept", "kept"])
            #expect(try await count(database) == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a glance that takes long is begun again, and the next of its kind is none`(
        on backend: Backend
    )
        async throws
    {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            var runs: [Int] = []
            for _ in 0..<2 {
                let count = Mutex(0)
                let sum = try await database.glance(as: "long") { connection in
                    count.withLock { $0 += 1 }
                    return try connection.first(
                        """
                        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
                        SELECT count(*) FROM numbers
                        """
                    ) { $0.int(0) }
                }
                #expect(sum == 20_000)
                runs.append(count.withLock { $0 })
            }

            #expect(runs == (backend == .sqlite ? [2, 1] : [1, 1]))
        }
    }

    @Test func `a glance whose body hides that it was ended is begun again`() async throws {
        try await withDatabase(on: .sqlite, migrations: [counters]) { database in
            let sum = try await database.glance { connection in
                let query: SQL = """
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
                    SELECT count(*) FROM numbers
                    """
                return try? connection.first(query) { $0.int(0) }
            }

            #expect(sum == 20_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a closed database is read no more`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: [counters]) { database in
            try await database.close()

            await #expect(throws: (any Error).self) { try await count(database) }
            await #expect(throws: (any Error).self) { try await database.glance { _ in 1 } }
        }
    }

    @Test func `a commit of SQLite is on the disk before it is acknowledged`() async throws {
        try await withDatabase(on: .sqlite, migrations: [counters]) { database in
            let mode = try await database.write {
                try $0.first("SELECT synchronous FROM pragma_synchronous") { $0.int(0) }
            }

            #expect(mode == 2, "2 is FULL")
        }
    }
}
