import Database

/// The tables of a database as its own catalogue has them.
struct DatabaseSchema: Sendable {
    /// What is said of a column, a key or an index, under its name.
    typealias Line = (name: String, text: String)

    let tables: [(name: String, lines: [Line])]

    init(of database: any Database) async throws {
        tables = try await database.read { connection in
            switch connection.dialect {
            case .sqlite: try Self.sqliteTables(connection)
            case .postgres: try Self.postgresTables(connection)
            }
        }
    }

    private static func sqliteTables(_ connection: any Connection) throws -> [(name: String, lines: [Line])] {
        let names = try connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ) { $0.text(0) }
        return try names.map { table in
            var lines = try connection.rows(
                #"SELECT name, type, "notnull", pk FROM pragma_table_xinfo(\#(table)) ORDER BY cid"#
            ) { (name: $0.text(0), text: $0.text(1) + ($0.bool(2) || $0.bool(3) ? "" : ", may be null")) }
            let isClustered =
                try connection.first("SELECT wr FROM pragma_table_list WHERE name = \(table)") { $0.bool(0) }
                ?? false
            let key = try connection.rows(
                "SELECT name FROM pragma_table_xinfo(\(table)) WHERE pk > 0 ORDER BY pk"
            ) { $0.text(0) }
            lines.append(
                ("*primary key*", "(\(key.joined(separator: ", ")))" + (isClustered ? ", clustered" : ""))
            )
            lines += joined("*unique*", try sqliteUniques(of: table, connection))
            lines += joined("*foreign key*", try sqliteForeignKeys(of: table, connection))
            lines += try connection.rows(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = \(table) AND sql IS NOT NULL ORDER BY name"
            ) { (name: "*index* \($0.text(0))", text: definition($0.text(1), after: "ON \(table) ")) }
            return (table, lines)
        }
    }

    private static func sqliteUniques(of table: String, _ connection: any Connection) throws -> [String] {
        let indexes = try connection.rows(
            "SELECT name FROM pragma_index_list(\(table)) WHERE origin = 'u'"
        ) { $0.text(0) }
        return try indexes.map { index in
            let columns = try connection.rows(
                "SELECT name FROM pragma_index_info(\(index)) ORDER BY seqno"
            ) { $0.text(0) }
            return "(\(columns.joined(separator: ", ")))"
        }
    }

    private static func sqliteForeignKeys(of table: String, _ connection: any Connection) throws -> [String] {
        let parts = try connection.rows(
            #"SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(\#(table)) ORDER BY id, seq"#
        ) { (id: $0.int(0), target: $0.text(1), from: $0.text(2), to: $0.text(3), deletion: $0.text(4)) }
        return Dictionary(grouping: parts, by: \.id).values.map { key in
            let from = key.map(\.from).joined(separator: ", ")
            let to = key.map(\.to).joined(separator: ", ")
            let deletion = key[0].deletion == "NO ACTION" ? "" : " ON DELETE \(key[0].deletion)"
            return "(\(from)) REFERENCES \(key[0].target)(\(to))\(deletion)"
        }
    }

    private static func postgresTables(_ connection: any Connection) throws -> [(name: String, lines: [Line])]
    {
        let names = try connection.rows(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C"
            """
        ) { $0.text(0) }
        return try names.map { table in
            var lines = try connection.rows(
                """
                SELECT column_name, data_type, is_identity, collation_name, is_nullable
                FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = \(table) ORDER BY ordinal_position
                """
            ) { row in
                let details = [
                    row.text(2) == "YES" ? ", identity" : "",
                    row.optionalText(3).map { " COLLATE \"\($0)\"" } ?? "",
                    row.text(4) == "YES" ? ", may be null" : "",
                ]
                return (name: row.text(0), text: row.text(1) + details.joined())
            }
            for (name, words) in [
                ("*primary key*", "PRIMARY KEY "), ("*unique*", "UNIQUE "), ("*foreign key*", "FOREIGN KEY "),
            ] {
                lines += joined(name, try postgresConstraints(words, of: table, connection))
            }
            lines += try connection.rows(
                """
                SELECT indexname, indexdef FROM pg_indexes
                WHERE schemaname = current_schema() AND tablename = \(table) AND indexname NOT IN (
                    SELECT constraint_name FROM information_schema.table_constraints
                    WHERE table_schema = current_schema() AND table_name = \(table)
                )
                ORDER BY indexname COLLATE "C"
                """
            ) { (name: "*index* \($0.text(0))", text: definition($0.text(1), after: " USING btree ")) }
            return (table, lines)
        }
    }

    private static func postgresConstraints(
        _ words: String,
        of table: String,
        _ connection: any Connection
    ) throws -> [String] {
        try connection.rows(
            """
            SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
            JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            WHERE n.nspname = current_schema() AND t.relname = \(table)
            """
        ) { $0.text(0) }.filter { $0.hasPrefix(words) }.map { String($0.dropFirst(words.count)) }
    }

    private static func joined(_ name: String, _ texts: [String]) -> [Line] {
        texts.isEmpty ? [] : [(name, texts.sorted().joined(separator: "<br>"))]
    }

    /// What stands in the statement behind the name of the table, on one line.
    private static func definition(_ statement: String, after words: String) -> String {
        let line = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.firstRange(of: words).map { String(line[$0.upperBound...]) } ?? line
    }
}
