import CGit2
import Core

/// An open repository of libgit2; used by one thread at a time, which the pool sees to.
///
/// Its functions block. They are grouped in extensions beside what they are about.
final class OpenRepository {
    let pointer: OpaquePointer
    let objects: OpaquePointer
    let path: String

    /// - Throws: `Failure.missing` if no repository lies there.
    init(path: String) throws {
        GitLibrary.start
        var opened: OpaquePointer?
        // Security: exactly this folder is opened, none above it, and no file that points elsewhere.
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        let result = git_repository_open_ext(&opened, path, flags, nil)
        guard result != GIT_ENOTFOUND.rawValue else {
            throw Failure.missing("The repository has no Git content")
        }
        try GitLibrary.check(result)
        guard let opened else { preconditionFailure("libgit2 opens nothing") }
        var objects: OpaquePointer?
        let found = git_repository_odb(&objects, opened)
        guard found == 0, let objects else {
            git_repository_free(opened)
            throw LibraryError(found)
        }
        pointer = opened
        self.objects = objects
        self.path = path
    }

    /// Finds the objects of another repository here too, for as long as this one is open.
    func readObjects(of other: String) throws {
        try GitLibrary.check(git_odb_add_disk_alternate(objects, other + "/objects"))
    }

    deinit {
        git_odb_free(objects)
        git_repository_free(pointer)
    }
}
