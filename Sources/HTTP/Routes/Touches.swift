import Core

/// Which experiments and registered models a row of the table touches, by which those are let in whose role in the workspace
/// is not enough, and who have permissions for single ones.
///
/// Security: a row that says nothing, or that touches the whole workspace, is closed to them.
package enum Touches: Sendable {
    /// Nothing that belongs to a workspace.
    case nothing
    /// What cannot be had for one of them alone.
    case workspace
    /// What the stores find for the caller, who is held to what they reach: searches, and what only reads.
    case reached
    /// Single ones, which are checked before the handler is called: the check throws where the caller may not.
    ///
    /// It reads them from the body, which is then held in memory, or from the address alone.
    case objects(readsBody: Bool, Check)

    package typealias Check = @Sendable (Call) async throws -> Void

    /// Whether permissions for single experiments and models may be enough.
    var areEnough: Bool {
        switch self {
        case .nothing, .workspace: false
        case .reached, .objects: true
        }
    }
}

extension Endpoint {
    /// Whether permissions for what it touches may be enough where a role is not.
    package var isOfObjects: Bool { touches?.areEnough ?? false }

    /// Holds somebody to the single experiments and models for which they have permissions.
    ///
    /// - Returns: The call for the handler; the check may have read its body.
    /// - Throws: What the check throws.
    func checked(_ call: Call) async throws -> Call {
        guard call.caller.reach != nil else { return call }
        switch touches {
        case .reached: return call
        case .objects(let readsBody, let check):
            let call = readsBody ? try await call.holdingBody() : call
            try await check(call)
            return call
        case nil, .nothing, .workspace:
            // The gate lets nobody in by permissions for single things where they are not enough.
            throw Failure(.permissionDenied, "Permission denied")
        }
    }
}
