import Glibc
import NIOCore

/// Where a server listens, and in what words it is told that it cannot.
struct ListenAddress: Sendable {
    let host: String
    let port: Int

    /// Looks the host up, which waits for the system.
    ///
    /// - Throws: `SettingError` for a name that nobody knows.
    func check() throws {
        do {
            _ = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch is SocketAddressError.UnknownHost {
            throw SettingError(
                "--host must be an address of this machine or a name of one, such as 127.0.0.1, not '\(host)'."
            )
        }
    }

    /// What an error of the system says about the settings; nil where it is about something else.
    func refusal(for error: IOError) -> SettingError? {
        switch error.errnoCode {
        case EADDRINUSE:
            SettingError("Port \(port) of \(host) is in use: choose another with --port.")
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            SettingError(
                "--host must be an address of this machine, or 0.0.0.0 for all that it has, not '\(host)'."
            )
        case EACCES:
            SettingError("--port must be 1024 or more, since this user may not listen on '\(port)'.")
        default: nil
        }
    }
}
