import CGit2
import Core

extension OpenRepository {
    /// What a ref points to, through symbolic ones; nil if there is none.
    func target(of ref: String) throws -> ObjectID? {
        var id = git_oid()
        let result = git_reference_name_to_id(&id, pointer, ref)
        if result == GIT_ENOTFOUND.rawValue || result == GIT_EINVALIDSPEC.rawValue { return nil }
        try GitLibrary.check(result)
        return ObjectID(id)
    }

    /// The commit that an object stands for: itself, or what a tag names in the end; nil for other objects.
    func peeledCommit(_ id: ObjectID) throws -> ObjectID? {
        switch try header(of: id)?.type {
        case GIT_OBJECT_COMMIT:
            return id
        case GIT_OBJECT_TAG:
            var raw = id.raw
            let tag = try Owned(freedBy: git_object_free) {
                git_object_lookup(&$0, pointer, &raw, GIT_OBJECT_TAG)
            }
            var peeled: OpaquePointer?
            guard git_object_peel(&peeled, tag.pointer, GIT_OBJECT_COMMIT) == 0, let peeled else {
                return nil
            }
            defer { git_object_free(peeled) }
            return git_object_id(peeled).map { ObjectID($0.pointee) }
        default:
            return nil
        }
    }

    /// The branch that HEAD names, whether it has a commit or not; nil if HEAD names none.
    func defaultBranch() throws -> BranchName? {
        let head = try Owned(freedBy: git_reference_free) { git_reference_lookup(&$0, pointer, "HEAD") }
        guard let target = git_reference_symbolic_target(head.pointer) else { return nil }
        return branchName(ofRef: String(cString: target))
    }

    func branchName(ofRef ref: String) -> BranchName? {
        ref.hasPrefix("refs/heads/") ? try? BranchName(String(ref.dropFirst("refs/heads/".count))) : nil
    }

    /// Whether no branch has a commit yet.
    func isEmpty() throws -> Bool {
        var isEmpty = true
        try forEachRef("refs/heads/*") { _, _ in
            isEmpty = false
            return false
        }
        return isEmpty
    }

    /// Gives refs whose names git keeps sorted or not, until the body says false.
    func forEachRef(_ glob: String, _ body: (String, ObjectID) throws -> Bool) throws {
        let iterator = try Owned(freedBy: git_reference_iterator_free) {
            git_reference_iterator_glob_new(&$0, pointer, glob)
        }
        while true {
            var next: OpaquePointer?
            let result = git_reference_next(&next, iterator.pointer)
            if result == GIT_ITEROVER.rawValue { return }
            try GitLibrary.check(result)
            defer { git_reference_free(next) }
            // A name that is no UTF-8 can be named by nobody who asks for it.
            guard let bytes = git_reference_name(next), let name = String(validatingCString: bytes) else {
                continue
            }
            let id = try git_reference_target(next).map { ObjectID($0.pointee) } ?? target(of: name)
            guard let id else { continue }
            guard try body(name, id) else { return }
        }
    }

    /// - Throws: `Failure.missing` if nothing has the name; `.invalid` if a short id is that of several commits.
    func resolve(_ revision: Revision) throws -> ResolvedRevision {
        guard let found = try find(revision) else {
            throw Failure.missing("No branch, tag or commit '\(revision)'")
        }
        return found
    }

    /// A branch before a tag before an id, as `facade` may be the name of a branch.
    func find(_ revision: Revision) throws -> ResolvedRevision? {
        let text = revision.text
        if text == "HEAD" { return try findHead() }
        if text.hasPrefix("refs/"), let found = try findRef(text) { return found }
        return try findRef("refs/heads/" + text) ?? findRef("refs/tags/" + text) ?? findID(text)
    }

    private func findHead() throws -> ResolvedRevision? {
        guard let id = try target(of: "HEAD") else { return nil }
        return ResolvedRevision(kind: try defaultBranch().map { .branch($0) } ?? .commit, commit: id)
    }

    private func findRef(_ ref: String) throws -> ResolvedRevision? {
        guard let id = try target(of: ref), let commit = try peeledCommit(id) else { return nil }
        if let branch = branchName(ofRef: ref) {
            return ResolvedRevision(kind: .branch(branch), commit: commit)
        }
        let tag = ref.hasPrefix("refs/tags/") ? try? TagName(String(ref.dropFirst("refs/tags/".count))) : nil
        return ResolvedRevision(kind: tag.map { .tag($0) } ?? .commit, commit: commit)
    }

    private func findID(_ text: String) throws -> ResolvedRevision? {
        guard (4...2 * ObjectID.byteCount).contains(text.utf8.count) else { return nil }
        guard text.utf8.allSatisfy({ Hexadecimal.value($0) != nil }) else { return nil }
        var (short, found) = (git_oid(), git_oid())
        try GitLibrary.check(git_oid_fromstrn(&short, text, text.utf8.count))
        let result = git_odb_exists_prefix(&found, objects, &short, text.utf8.count)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        if result == GIT_EAMBIGUOUS.rawValue {
            throw Failure.invalid("The short id '\(text)' is ambiguous; give more of it")
        }
        try GitLibrary.check(result)
        return try peeledCommit(ObjectID(found)).map { ResolvedRevision(kind: .commit, commit: $0) }
    }

    func tag(_ name: TagName, object: ObjectID) throws -> Tag {
        let annotation = try read(object, as: GIT_OBJECT_TAG) { TagAnnotation($0) }
        return Tag(
            name: name,
            commit: try peeledCommit(object),
            object: object,
            tagger: annotation?.tagger,
            message: annotation?.message,
            isSigned: annotation?.isSigned ?? false
        )
    }
}

/// The text of an annotated tag, taken apart.
private struct TagAnnotation {
    var tagger: Signature?
    var message: String
    var isSigned: Bool

    init(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        tagger = parts.first?.split(separator: "\n").first { $0.hasPrefix("tagger ") }
            .map { Signature(line: String($0.dropFirst("tagger ".count))) }
        let content = parts.count > 1 ? parts[1] : ""
        let signature = ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----"]
            .compactMap { content.firstRange(of: $0) }
            .first
        message = String(content[..<(signature?.lowerBound ?? content.endIndex)])
        isSigned = signature != nil
    }
}
