import Testing

@testable import Server

@Suite struct DatabaseAddressTests {
    @Test(
        arguments: [
            ("sqlite:///mlflow.db", .sqlite(path: "mlflow.db")),
            ("sqlite:////var/x.db", .sqlite(path: "/var/x.db")),
            ("sqlite:///./a/b.db?mode=rw", .sqlite(path: "./a/b.db")),
            ("postgresql://u:p@h/d?sslmode=require", .postgres(uri: "postgresql://u:p@h/d?sslmode=require")),
            ("postgres:///d", .postgres(uri: "postgresql:///d")),
            ("postgresql+psycopg2://h/d", .postgres(uri: "postgresql://h/d")),
            ("sqlite://", nil), ("sqlite:///", nil), ("sqlite:///:memory:", nil), ("mysql://h/d", nil),
            ("roost.db", nil),
            ("postgresqlx://h/d", nil),
        ] as [(String, DatabaseAddress?)]
    )
    func `addresses are read as SQLAlchemy reads them`(text: String, address: DatabaseAddress?) {
        #expect(DatabaseAddress(text) == address)
    }

    @Test(arguments: [
        ("postgresql://ann:secret@host:5432/db?password=secret", "postgresql://ann@host:5432/db"),
        ("postgresql://ann@host/db", "postgresql://ann@host/db"),
        ("postgresql:///db?user=ann&password=secret", "postgresql:///db"),
        ("postgresql://ann:sec?ret@host/db", "postgresql://ann@host/db"),
        ("postgresql://ann:sec@ret@host/db", "postgresql://…"),
    ])
    func `what is printed holds no password`(text: String, printed: String) throws {
        #expect(try #require(DatabaseAddress(text)).description == printed)
    }

    @Test(arguments: [
        "postgresql://ann:s3%cret@host/db", "postgresql://ann:s3cret@[bad",
        "postgresql://ann:p@s3cret@host/db",
        "postgresql://ann:s3/cret@host/db", "postgresql://ann@host/db?password=s3%cret",
    ])
    func `an address that libpq cannot read is refused without being shown`(text: String) throws {
        let told = DatabaseAddress.malformed
        #expect(throws: SettingError("--database: \(told)")) {
            try Settings(SettingValues(flags: [(.database, text)], environment: [:]))
        }
        #expect(throws: SettingError("The source cannot be opened: \(told)")) { try SourceAddress(text) }
    }
}
