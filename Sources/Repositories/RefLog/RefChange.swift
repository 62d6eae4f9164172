/// That a ref came, moved or went; object ids are hexadecimal text.
package struct RefChange: Sendable, Hashable {
    /// The whole name, such as `refs/heads/main`.
    package let name: String
    /// Nil where the ref was not there.
    package let before: String?
    /// Nil where it is gone.
    package let after: String?

    package init(_ name: String, from before: String?, to after: String?) {
        self.name = name
        self.before = before
        self.after = after
    }

    /// What differs between two states, by name.
    static func between(_ old: [String: String], _ new: [String: String]) -> [RefChange] {
        var changes = new.compactMap { name, id in
            old[name] == id ? nil : RefChange(name, from: old[name], to: id)
        }
        changes += old.compactMap { name, id in new[name] == nil ? RefChange(name, from: id, to: nil) : nil }
        return changes.sorted { $0.name < $1.name }
    }
}
