package import Core
package import Hummingbird

/// Says who asks and whether they may: every request passes it, with the right that its row of the table names.
package struct Gate: Sendable {
    /// Throws `Failure.unauthenticated` or `.permissionDenied`.
    package let admit: @Sendable (Request, Endpoint.Right) async throws -> Caller

    package init(admit: @escaping @Sendable (Request, Endpoint.Right) async throws -> Caller) {
        self.admit = admit
    }

    /// Everybody is the local person, who may do everything: for a server that only this machine reaches.
    package static let local = Gate { _, _ in Caller(name: "local", workspace: .standard) }
}
