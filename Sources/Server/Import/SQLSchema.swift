import Database

/// Which tables and columns a database has; MLflow's have grown over its versions.
struct SQLSchema: Sendable {
    private let columns: Set<String>

    init(of connection: any Connection) throws {
        let query: SQL =
            switch connection.dialect {
            case .sqlite:
                """
                SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table'
                """
            case .postgres:
                """
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = ANY (current_schemas(false))
                """
            }
        var columns: Set<String> = []
        try connection.forEach(query) { row in
            columns.insert(row.text(0))
            columns.insert(row.text(0) + "." + row.text(1))
        }
        self.columns = columns
    }

    func has(_ table: String) -> Bool { columns.contains(table) }

    func has(_ column: String, of table: String) -> Bool { columns.contains(table + "." + column) }

    /// The column, or NULL where the version did not have it yet.
    func column(_ name: String, of table: String) -> SQL {
        has(name, of: table) ? SQL(trusted: name) : "NULL"
    }

    /// A condition that a row is of the workspace of servers that have but one; names are keys only within one.
    func isStandardWorkspace(_ table: String) -> SQL {
        has("workspace", of: table) ? "workspace = \(SQLSource.standardWorkspace)" : "TRUE"
    }

    /// - Throws: `SettingError` where something is missing that every version since 1.0 has.
    func check(_ title: String) throws {
        guard has("experiments"), has("alembic_version"), has("runs") else {
            throw SettingError("\(title) is no database of MLflow.")
        }
        guard has("is_nan", of: "metrics"), has("step", of: "metrics"), has("experiment_tags") else {
            throw SettingError("\(title) is of an MLflow before 1.0: run `mlflow db upgrade` on it first.")
        }
    }
}
