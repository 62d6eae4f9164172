import Database
import Testing

@Suite struct PostgresURITests {
    @Test(arguments: [
        "postgresql://", "postgresql:///db", "postgresql://ann@host/db",
        "postgresql://ann:s3cret@host:5432/db",
        "postgresql://ann:s3%40cret@a:1,[::1]:2,b/db?sslmode=require&application_name=a@b",
        "postgresql://%2Frun%2Fpostgresql/db?", "postgresql://host:/db",
        "postgresql://ann@host/my@db",
    ])
    func `what libpq reads is well-formed`(text: String) {
        #expect(PostgresURI(text).isWellFormed)
    }

    @Test(arguments: [
        "postgresql://u:s3%cret@h/x", "postgresql://u:s3cret%00@h/x", "postgresql://u:s3cret%@h/x",
        "postgresql://u:s3cret@[bad", "postgresql://u:s3cret@[]/x", "postgresql://u:s3cret@[::1]x/x",
        "postgresql://u:p@s3cret@h/x", "postgresql://u:s3/cret@h/x", "postgresql://u:s3/cret?@h/x",
        "postgresql://u@h/x?password=s3%cret", "postgresql://u@h/x?password=s3cret=",
        "postgresql://u@h/x?s3cret",
        "postgresql://h:s3cret/x", "postgresql://localhost?user=u&password=s3cr@t&port=1&dbname=x",
        "postgresql://localhost?password=top@s3cret",
    ])
    func `what libpq would repeat is not`(text: String) {
        let uri = PostgresURI(text)

        #expect(!uri.isWellFormed)
        #expect(uri.place == "postgresql://…")
        #expect(uri.hidingPasswords(in: "what libpq says of \(text)") == "the address is malformed")
    }

    @Test func `a password is hidden as it is written and as it is meant`() {
        let uri = PostgresURI("postgresql://u:s3%40cret@h/x?pass%77ord=other&sslmode=require")

        #expect(
            uri.hidingPasswords(in: "no s3%40cret, s3@cret or other is for u on require")
                == "no ****, **** or **** is for u on require"
        )
        // Who has one password and name sees which of them it is not.
        #expect(PostgresURI("postgresql://u:u@h/x").hidingPasswords(in: "no \"u\"") == "no \"u\"")
        #expect(PostgresURI("postgresql://u:1/s3cret@h").place == "postgresql://u:1/…")
        #expect(PostgresURI("postgresql://u@h/x").hidingPasswords(in: "no u on h") == "no u on h")
    }
}
