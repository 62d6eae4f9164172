import Glibc

/// How many files the process may have open, of which each connection is one.
///
/// Security: where there is none left, the system's own libraries end the process. So connections that are too many wait to be
/// accepted, and the database, artifacts and `git` have files of their own.
enum OpenFiles {
    /// More are of no use, and some systems have a limit of a thousand million.
    private static let most: rlim_t = 65_536
    /// What the server opens beside what serves connections.
    private static let own = 256

    /// Raises the limit of this process as far as it may be raised.
    ///
    /// - Returns: The limit that holds.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        let before = limit.rlim_cur
        limit.rlim_cur = max(before, min(limit.rlim_max, most))
        // Where it may not be raised, the old one goes on to hold.
        let raised =
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : before
        return Int(min(raised, most))
    }

    /// How many connections may be open: while it is served, each third one may have a file open.
    static func connections(within limit: Int) -> Int {
        max(8, (limit - min(own, limit / 2)) * 2 / 3)
    }
}
