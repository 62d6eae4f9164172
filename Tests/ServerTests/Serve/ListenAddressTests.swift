import Glibc
import NIOCore
import Testing

@testable import Server

@Suite struct ListenAddressTests {
    @Test func `a name that nobody knows is refused by its option`() throws {
        try ListenAddress(host: "::1", port: 0).check()
        let words =
            "--host must be an address of this machine or a name of one, such as 127.0.0.1, not 'roost.invalid'."
        #expect(throws: SettingError(words)) { try ListenAddress(host: "roost.invalid", port: 0).check() }
    }

    @Test(
        arguments: [
            (EADDRINUSE, "Port 80 of 203.0.113.7 is in use: choose another with --port."),
            (
                EADDRNOTAVAIL,
                "--host must be an address of this machine, or 0.0.0.0 for all that it has, not '203.0.113.7'."
            ),
            (EACCES, "--port must be 1024 or more, since this user may not listen on '80'."), (EPIPE, nil),
        ] as [(Int32, String?)]
    )
    func `an error of the system is told by the option that it is about`(number: Int32, words: String?) {
        let address = ListenAddress(host: "203.0.113.7", port: 80)
        let error = IOError(errnoCode: number, reason: "bind")
        #expect(address.refusal(for: error)?.description == words)
    }
}
