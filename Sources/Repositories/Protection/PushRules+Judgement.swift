extension PushRules {
    /// Why a change of a ref is refused, for the person who wishes it; nil where it is not.
    ///
    /// - Parameters:
    ///   - name: The ref in full.
    ///   - before: The object that it names; nil for a new ref.
    ///   - after: The object that it is to name; nil to delete it.
    ///   - isAncestor: Whether the first object is the second or lies behind it; asked only where a rule hangs on it.
    /// - Returns: A sentence with the rule and what to do instead.
    /// - Throws: What `isAncestor` throws.
    func refusal(
        of name: String,
        from before: String?,
        to after: String?,
        isAncestor: (String, String) async throws -> Bool
    ) async throws -> String? {
        if let closure = closure(of: name) { return closure }
        guard let after else {
            return refusal(of: .removal, to: name).map {
                "\(name) is protected by the \($0): you may not delete it. Ask an admin of the repository."
            }
        }
        if let reason = RefName.refusal(of: name) { return "\(name): \(reason). Give it another name." }
        if name.hasPrefix(RefName.tags), let rule = refusal(of: .push, to: name) {
            return "\(name) is protected by the \(rule): you may not \(before == nil ? "make" : "move") it. "
                + "Give your tag another name, or ask an admin of the repository."
        }
        if let rule = refusal(of: .push, to: name) {
            let advice =
                name.hasPrefix(RefName.branches)
                ? "Push to another branch and have it merged by somebody who may push to this one"
                : "Push to another name"
            return "\(name) is protected by the \(rule): you may not push to it. "
                + "\(advice), or ask an admin of the repository."
        }
        guard let before, heedsForce(on: name), let rule = refusal(of: .force, to: name) else { return nil }
        if name.hasPrefix(RefName.tags) {
            return "\(name) is protected by the \(rule): you may not move it. Make a new tag."
        }
        if try await isAncestor(before, after) { return nil }
        return "\(name) is protected by the \(rule): you may not force-push it. "
            + "Fetch it, rebase or merge your work onto it, and push again."
    }

    /// Why the branch that is shown first is not deleted, for who wishes it.
    static func isDefault(_ branch: some StringProtocol) -> String {
        "'\(branch)' is the default branch; make another one the default first"
    }
}
