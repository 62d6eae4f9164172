package import Core
package import Testing

/// Expects a failure of this code with this message.
package func expectFailure(
    _ code: Failure.Code,
    _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    guard let failure = await failure(of: body, sourceLocation) else { return }
    #expect(failure.code == code, sourceLocation: sourceLocation)
    #expect(failure.message == message, sourceLocation: sourceLocation)
}

/// Expects a failure of this code whose message contains the words.
package func expectFailure(
    _ code: Failure.Code,
    containing words: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    guard let failure = await failure(of: body, sourceLocation) else { return }
    #expect(failure.code == code, sourceLocation: sourceLocation)
    #expect(failure.message.contains(words), "\(failure.message)", sourceLocation: sourceLocation)
}

private func failure(
    of body: () async throws -> Void,
    _ sourceLocation: SourceLocation
) async -> Failure? {
    do {
        try await body()
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
    } catch let failure as Failure {
        return failure
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    return nil
}
