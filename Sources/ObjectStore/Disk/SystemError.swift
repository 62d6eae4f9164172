internal import Glibc

/// A call of the operating system that failed.
struct SystemError: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// The error of the call that just failed; a full disk is told apart from a fault.
    static func last(_ call: String) -> any Error {
        let error = SystemError(call: call, code: errno)
        switch error.code {
        case ENOSPC, EDQUOT, EFBIG:
            return StorageFull(cause: error)
        default:
            return error
        }
    }
}

/// Calls until it is not interrupted by a signal.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
