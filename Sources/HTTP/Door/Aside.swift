/// Runs what may take long beside the event loops.
///
/// The server handles a request on the loop of its connection, which other connections share: what computes for more than a
/// moment there holds them up.
///
/// - Parameter work: What to run.
/// - Returns: What it returns.
/// - Throws: What it throws.
package func aside<Value, Failure: Error>(
    _ work: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
}

/// Where a request begins to be long: so much JSON is read or written in about half a millisecond.
package enum Moment {
    package static let bytes = 256 << 10
}
