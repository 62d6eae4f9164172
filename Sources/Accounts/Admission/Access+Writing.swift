extension Access {
    /// Holds who was let in to read to what writing needs, where an address alone does not say which is meant.
    ///
    /// - Throws: `Refusal`, as where the right to write is needed from the beginning.
    package func requireWriting() throws {
        let place = repository.map { "'\($0.fullName)'" } ?? "the default workspace"
        guard let role, role >= .write else {
            guard identity.isSignedIn else { throw Refusal.signIn }
            throw Refusal.mayNot("You may read \(place); this needs the right to write it.")
        }
        if let repository, repository.isArchived {
            throw Refusal.mayNot("The repository \(place) is archived: it is only read.")
        }
    }
}
