import Accounts
import Core
import Testing

@Suite struct SSHPublicKeyTests {
    /// Keys and their prints as `ssh-keygen` shows them.
    @Test(arguments: [
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMXZJiZ/Nf+Ki24ScCh5ak0ddDcc88o+UgjI8persKek",
            "SHA256:CRxhhCBMHepZpO/Bp1enjv/Ocif07AutkBN2SOSj7fw"
        ),
        (
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBN1pcyJjs3xId+CeVSYLQu3YUUKqkjuQ"
                + "EnjX1eVSdPl+XcdPPGa6UA33x9Dhvm8/ub+yr4lG6bgUxEmLV+ENeoA=",
            "SHA256:PTv7ZoiCbklz6LrW2j+UrW34tyE6pBkQb/IYpEzDcDg"
        ),
        (
            "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBJBKnYuGzyydIpYvRd+0yI04CmqpfpLS"
                + "klixiwABihqRnArug9RQtFsPh7AT42AYSf2wa/BqMeu4WQhZTPEFXYFKIY72m1rWLW4ZiXiYTQR0cbmar+XD2dv93d5WuRy1QA==",
            "SHA256:rdJOdL+EOY+LSBnBMSaDwg1c7GlAySimDPsyWCpV/+g"
        ),
        (
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEu+mNr7uHKA7X1kM9m+dcHJESBDsuS"
                + "NJsz1w7HSvkaH6NGQhNFXA2XuRUIyf8zvn8RbRCb72Nh0ae+yYhrRLU+rwEG8RO0J1Rnqo+pUuShdux24TP0WtpibfrZMGG/aAit"
                + "q9vK1GRuxr4K6CAnEU8Z2l176PnOruBP1nzIioiUILGyBA==",
            "SHA256:QbF+TXEvLyuDiwxefZs0fEgvqv3hQp/Kx+ql/akAR0o"
        ),
        (
            rsa,
            "SHA256:UyrYp5SuHjP0TheshzSuwt2M7/6tk6/ynw/in88QGjs"
        ),
    ])
    func `a key has the print that OpenSSH shows`(line: String, fingerprint: String) throws {
        let key = try SSHPublicKey(" \(line)  ann@laptop of hers\n")

        #expect(key.fingerprint == fingerprint)
        #expect(key.text == line)
        #expect(key.comment == "ann@laptop of hers")
    }

    @Test(arguments: [
        "", "ssh-ed25519", "hello world",
        // Options before the type, a second line, another type than is in the key.
        "command=\"/bin/sh\" \(ed25519)", "\(ed25519)\n\(ed25519)", "\(ed25519)\u{0}",
        "ssh-rsa \(ed25519.dropFirst(12))",
        // Cut, with more behind it, not in the one way of writing it.
        String(ed25519.dropLast(4)), ed25519 + "AAAA", ed25519 + "=", "ssh-dss AAAAB3NzaC1kc3MAAAAA",
        "sk-ssh-ed25519@openssh.com AAAA", "ssh-ed25519 ÄÄÄÄ", "-----BEGIN OPENSSH PRIVATE KEY-----",
        // 1024 bits.
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC3qN38R9/a/6XNhE5e0DbxD3MRHJRl9tBqdSENZy1JTM2hqMONtqNoHLYIQpF3XAFIZZlLdyBXY"
            + "BMx1S677ZWflUiQ4dkA9bFktk9up+fM1PHdnVMFYOOENAEGsIyZ1TuJaVWNTLsCt6iaRinh72R/u1weTRGyUxIKPkqy9iN1uw==",
    ])
    func `what OpenSSH would not read so is no key`(line: String) {
        #expect(throws: Failure.self) { try SSHPublicKey(line) }
    }
}

let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMXZJiZ/Nf+Ki24ScCh5ak0ddDcc88o+UgjI8persKek"
let rsa =
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC1kyOnsOu/St60Qa2oPonH+63sZ21zB1SjnoBsNZai5OQc4ySnuMxDUtwRj+cKyRS4dCxuOOJ5F7Rq"
    + "B3VCFXISoVHCXL25C/axa7kcqJGDfZVT5zbOBkKq1mF8lg2fBQo0al6xxHGTzLe637YV4GviL8A1V8wqqmuFyWBJlphCuJStkZvzW4aoQ3PDxtU4"
    + "Ep9wzX1Mj+L24ZutmokLjcRtGsBMRFFWRmuZjE34Gbk6qgqdFcOtQse1/v2J5h4F5B8Yv3PLV+mN5TA3dQBdGn8FPbkaQ9V3ssidefpxqhRG7RtZ"
    + "AvWtdzYKsSV9ItxtN6UrBAxaiOAHJIUxaU0OSUTn"
