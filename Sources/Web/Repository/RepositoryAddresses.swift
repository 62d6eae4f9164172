import Repositories

/// Where the pages of a repository are.
struct RepositoryAddresses: Sendable {
    let base: Address

    /// What is shown of a path at a revision.
    enum View: String, Sendable {
        case src, raw, output, blame, commits, edit, new, upload, delete
    }

    /// The address of a view; the exact bytes of the path are in it, also those that are no text.
    subscript(view: View, revision: ResolvedRevision, path: TreePath) -> Address {
        let folder = base[view.rawValue].below(revision.name)
        return path.isRoot ? folder : Address(folder.text + "/" + path.percentEncoded)
    }

    subscript(view: View, revision: ResolvedRevision) -> Address { base[view.rawValue].below(revision.name) }

    func commit(_ id: ObjectID) -> Address { base["commit"]["\(id)"] }

    func source(_ id: ObjectID, _ path: TreePath) -> Address {
        self[.src, ResolvedRevision(kind: .commit, commit: id), path]
    }

    func raw(_ id: ObjectID, _ path: TreePath) -> Address {
        self[.raw, ResolvedRevision(kind: .commit, commit: id), path]
    }

    func compare(_ base: String, _ head: String) -> Address {
        self.base["compare"].below("\(base)...\(head)")
    }

    func archive(_ revision: ResolvedRevision, _ format: ArchiveFormat, api: Address) -> Address {
        api["archive"].below("\(revision.name).\(format.rawValue)")
    }
}

extension ResolvedRevision {
    /// What it is called in addresses.
    var name: String {
        switch kind {
        case .branch(let branch): branch.text
        case .tag(let tag): tag.text
        case .commit: "\(commit)"
        }
    }

    /// What people read; the beginning of a commit's id.
    var label: String { kind == .commit ? commit.short : name }

    var branch: BranchName? {
        if case .branch(let branch) = kind { branch } else { nil }
    }
}

extension ObjectID {
    /// As much of an id as people read.
    var short: String { String(description.prefix(8)) }
}

extension TreePath {
    /// The folders on the way to it, from the outside in, and itself.
    var steps: [TreePath] {
        (1...max(1, components.count)).compactMap { count in
            guard count <= components.count else { return nil }
            return try? TreePath(bytes: Array(components[..<count].joined(separator: [UInt8(ascii: "/")])))
        }
    }

    /// Whether it can stand in an address, whose words are UTF-8.
    var isAddressable: Bool { String(validating: bytes, as: UTF8.self) != nil }
}

/// A tag of Git; those of runs and models are called so too.
typealias GitTag = Tag
