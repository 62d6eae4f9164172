package import Accounts
package import Core
package import Hummingbird

/// Says who asks and whether they may: every request passes it, with the right that its row of the table names.
package struct Gate: Sendable {
    /// Throws `Refusal`, or `Moved` where what was asked for is elsewhere now.
    package let admit: @Sendable (Request, Target, Right) async throws -> Access

    package init(admit: @escaping @Sendable (Request, Target, Right) async throws -> Access) {
        self.admit = admit
    }

    /// Everybody is this one caller, who may do everything in one workspace.
    package init(always caller: Caller) {
        let access = Access(everythingFor: caller)
        self.init { _, _, _ in access }
    }

    /// - Parameters:
    ///   - admission: The rules.
    ///   - identify: Finds out who asks; throws `Refusal.signIn` for what shows nobody.
    package init(
        _ admission: Admission,
        identify: @escaping @Sendable (Request) async throws -> Identity
    ) {
        self.init { request, target, right in
            try await admission.admit(try await identify(request), to: target, needing: right)
        }
    }
}
