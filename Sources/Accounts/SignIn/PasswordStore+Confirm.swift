import Core

extension PasswordStore {
    /// Makes sure that who asks knows their own password, before what outlasts their session.
    ///
    /// - Parameter attempt: The password.
    /// - Throws: `Failure.permissionDenied` for a wrong one; `TooManyAttempts` for an address that tries too many.
    package func confirm(_ attempt: PasswordAttempt) async throws {
        guard let candidate = try await authentication.verify(attempt), candidate.account == caller.account
        else { throw Failure(.permissionDenied, "The password is another one.") }
    }
}
