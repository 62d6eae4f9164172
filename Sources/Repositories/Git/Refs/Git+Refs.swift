import Core

import CGit2

extension Git {
    /// The branch that HEAD names, nil if it names none; in an empty repository it has no commit.
    package func defaultBranch() async throws -> BranchName? {
        try await run { try $0.defaultBranch() }
    }

    /// Whether no branch has a commit yet.
    package func isEmpty() async throws -> Bool {
        try await run { try $0.isEmpty() }
    }

    /// Branches in the order of their names, at most `limit`, those that follow `after`.
    ///
    /// A ref that was pushed under a name that `BranchName` refuses is not among them.
    package func branches(after: BranchName? = nil, limit: Int) async throws -> [Branch] {
        try await run { repository in
            let head = try repository.defaultBranch()
            var found: [Branch] = []
            try repository.forEachRef("refs/heads/*") { ref, id in
                if let name = repository.branchName(ofRef: ref), after.map({ $0 < name }) ?? true {
                    found.append(Branch(name: name, commit: id, isDefault: name == head))
                }
                return true
            }
            return Array(found.sorted { $0.name < $1.name }.prefix(limit))
        }
    }

    /// - Throws: `Failure.missing` if there is none.
    package func branch(_ name: BranchName) async throws -> Branch {
        try await run { repository in
            guard let id = try repository.target(of: name.ref) else {
                throw Failure.missing("No branch '\(name)'")
            }
            return Branch(name: name, commit: id, isDefault: try repository.defaultBranch() == name)
        }
    }

    /// Tags in the order of their names, at most `limit`, those that follow `after`.
    package func tags(after: TagName? = nil, limit: Int) async throws -> [Tag] {
        try await run { repository in
            var found: [(TagName, ObjectID)] = []
            try repository.forEachRef("refs/tags/*") { ref, id in
                if let name = try? TagName(String(ref.dropFirst("refs/tags/".count))),
                    after.map({ $0 < name }) ?? true
                {
                    found.append((name, id))
                }
                return true
            }
            return try found.sorted { $0.0 < $1.0 }.prefix(limit).map {
                try repository.tag($0.0, object: $0.1)
            }
        }
    }

    /// - Throws: `Failure.missing` if there is none.
    package func tag(_ name: TagName) async throws -> Tag {
        try await run { repository in
            guard let id = try repository.target(of: name.ref) else {
                throw Failure.missing("No tag '\(name)'")
            }
            return try repository.tag(name, object: id)
        }
    }

    /// - Throws: `Failure.missing` if nothing has the name; `.invalid` if a short id is that of several objects.
    package func resolve(_ revision: Revision) async throws -> ResolvedRevision {
        try await run { try $0.resolve(revision) }
    }

    /// Takes an address apart that is a revision, a slash and a path, where names of branches have slashes too.
    ///
    /// The longest branch or tag wins; of a branch and a tag of one name the branch. The address is given in bytes, after
    /// one decoding.
    ///
    /// - Throws: `Failure.missing` if it begins with nothing that there is, `.invalid` if it can be no address.
    package func split(_ address: [UInt8]) async throws -> (revision: ResolvedRevision, path: TreePath) {
        let path = try TreePath(bytes: address)
        return try await run { repository in
            let parts = path.components
            for count in stride(from: parts.count, to: 0, by: -1) {
                let bytes = Array(parts[..<count].joined(separator: [UInt8(ascii: "/")]))
                guard bytes.count <= RefNameRules.longestBytes,
                    let text = String(validating: bytes, as: UTF8.self),
                    let revision = try? Revision(text),
                    let found = try repository.find(revision)
                else { continue }
                return (found, TreePath(trusted: Array(parts[count...])))
            }
            throw Failure.missing("No branch, tag or commit at the start of '\(path)'")
        }
    }
}
