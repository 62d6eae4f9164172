import FoundationEssentials
import TestSupport
import Testing

@testable import Server

/// Holds `docs/schema.md` to the tables that the migrations make; `UPDATE_GOLDENS=1` rewrites the page.
@Suite struct SchemaPageTests {
    private static let path = "docs/schema.md"

    @Test func `the page of the schema shows the tables of both databases as they are`() async throws {
        var schemas: [Backend: DatabaseSchema] = [:]
        for backend in Backend.available { schemas[backend] = try await schema(on: backend) }

        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] != nil {
            let sqlite = try #require(schemas[.sqlite])
            let postgres = try #require(schemas[.postgres], "TEST_POSTGRES_URL is needed to write the page")
            try Document.write(Self.text(sqlite, postgres), to: Self.path)
        }

        let page = try Document.text(of: Self.path)
        for (backend, schema) in schemas {
            let column = backend == .sqlite ? 1 : 2
            #expect(
                Self.lines(of: page, column: column) == Self.lines(of: schema),
                "\(Self.path) is not as \(backend) has it: UPDATE_GOLDENS=1 rewrites it"
            )
        }
    }

    private func schema(on backend: Backend) async throws -> DatabaseSchema {
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            try await DatabaseSchema(of: database)
        }
    }

    private static func lines(of schema: DatabaseSchema) -> [String] {
        schema.tables.flatMap { table in
            table.lines.map { "\(table.name): \($0.name): \($0.text)" }
        }
        .sorted()
    }

    /// The lines of one database from the tables of the page.
    private static func lines(of page: String, column: Int) -> [String] {
        var table = ""
        var lines: [String] = []
        for line in page.split(separator: "\n") {
            if line.hasPrefix("## ") { table = String(line.dropFirst(3)) }
            guard line.hasPrefix("| "), !line.hasPrefix("| ---"), !line.hasPrefix("|  |") else { continue }
            let cells = line.dropFirst(2).dropLast(2).split(
                separator: " | ",
                omittingEmptySubsequences: false
            )
            if !cells[column].isEmpty { lines.append("\(table): \(cells[0]): \(cells[column])") }
        }
        return lines.sorted()
    }

    private static func text(_ sqlite: DatabaseSchema, _ postgres: DatabaseSchema) -> String {
        let names = Set((sqlite.tables + postgres.tables).map(\.name)).sorted()
        return introduction
            + names.map { name in
                section(
                    name,
                    sqlite.tables.first { $0.name == name }?.lines ?? [],
                    postgres.tables.first { $0.name == name }?.lines ?? []
                )
            }
            .joined(separator: "\n")
    }

    private static func section(
        _ name: String,
        _ sqlite: [DatabaseSchema.Line],
        _ postgres: [DatabaseSchema.Line]
    ) -> String {
        let labels =
            sqlite.map(\.name) + postgres.map(\.name).filter { name in !sqlite.contains { $0.name == name } }
        let rows = labels.map { label in
            let cells = [sqlite, postgres].map { lines in lines.first { $0.name == label }?.text ?? "" }
            return "| \(label) | \(cells[0]) | \(cells[1]) |\n"
        }
        return "## \(name)\n\n|  | SQLite | PostgreSQL |\n| --- | --- | --- |\n" + rows.joined()
    }

    private static let introduction = """
        # The schema

        The tables as each database has them, read from its catalogue. A test writes this page (`UPDATE_GOLDENS=1
        TEST_POSTGRES_URL=… swift test --filter SchemaPageTests`) and fails when it is stale. Why the tables are as they are stands
        in the migrations of their rooms (`Sources/*/Migrations.swift`) and in the [decisions](decisions).

        - A column is not null unless it says so. All times are epoch milliseconds.
        - *clustered*: the rows are kept in the order of the primary key (`WITHOUT ROWID`).
        - `workspace_id` scopes what a caller may see; there is one workspace so far.


        """
}
