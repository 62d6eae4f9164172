import CGit2

/// libgit2, made ready once for the process.
enum GitLibrary {
    static let start: Void = {
        precondition(git_libgit2_init() > 0, "libgit2 does not start")
        precondition(roost_git_set_options() == 0, "libgit2 refuses its settings")
    }()

    /// Throws what libgit2 says of a call that failed.
    @discardableResult
    static func check(_ result: Int32) throws(LibraryError) -> Int32 {
        guard result < 0 else { return result }
        throw LibraryError(result)
    }
}

/// What libgit2 says of a call that failed; a fault of the server unless somebody makes a `Failure` of it.
struct LibraryError: Error, CustomStringConvertible {
    let code: Int32
    let message: String

    init(_ code: Int32) {
        self.code = code
        message = git_error_last().map { String(cString: $0.pointee.message) } ?? "no message"
    }

    var description: String { "libgit2 \(code): \(message)" }

    var isMissing: Bool { code == GIT_ENOTFOUND.rawValue }
    var isAmbiguous: Bool { code == GIT_EAMBIGUOUS.rawValue }
    /// A ref was not what it was thought to be.
    var isOvertaken: Bool { [GIT_EMODIFIED.rawValue, GIT_EEXISTS.rawValue].contains(code) }
    /// Somebody else is writing it.
    var isLocked: Bool { code == GIT_ELOCKED.rawValue }
}

/// An object of libgit2, freed when its owner goes out of scope.
struct Owned: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Calls `make`, which calls the function that makes it; `free` is the function that frees it.
    init(freedBy free: @escaping (OpaquePointer?) -> Void, _ make: (inout OpaquePointer?) -> Int32) throws {
        var made: OpaquePointer?
        try GitLibrary.check(make(&made))
        guard let made else { preconditionFailure("libgit2 succeeds and makes nothing") }
        pointer = made
        self.free = free
    }

    deinit { free(pointer) }
}
