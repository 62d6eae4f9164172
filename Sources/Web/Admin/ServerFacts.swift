/// What a server knows of itself, for who looks after it.
package struct ServerFacts: Sendable {
    let version: String
    let startedMs: Int64
    /// How long a deleted repository can be restored.
    let graceDays: Int
    /// The settings in force without what is secret, by name.
    let settings: [(name: String, value: String)]
    /// What has been counted, as Prometheus reads it.
    let measures: @Sendable () -> String
    /// How long the database is.
    let databaseBytes: @Sendable () async throws -> Int64
    /// How much is free where the data lies, and of how much.
    let disk: @Sendable () throws -> (freeBytes: Int64, totalBytes: Int64)

    package init(
        version: String,
        startedMs: Int64,
        graceDays: Int,
        settings: [(name: String, value: String)],
        measures: @escaping @Sendable () -> String,
        databaseBytes: @escaping @Sendable () async throws -> Int64,
        disk: @escaping @Sendable () throws -> (freeBytes: Int64, totalBytes: Int64)
    ) {
        self.version = version
        self.startedMs = startedMs
        self.graceDays = graceDays
        self.settings = settings
        self.measures = measures
        self.databaseBytes = databaseBytes
        self.disk = disk
    }
}
