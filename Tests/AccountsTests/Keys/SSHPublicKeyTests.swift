import Accounts
import Core
import Testing

@Suite struct SSHPublicKeyTests {
    private static let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPdc+9sNDLaCTQyQ6lYIiLmmWzI4yKlvhUi+DOb/vKFT"

    /// 1,024 bits.
    private static let short =
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDhSku/djXSq414LBSjuKKfIar2NF+xYF1GA22xFVYI2LhqZD7tl0MTmhW7HQ8/"
        + "JEf5lVD9WiQ/yVujoOpfxepvoUUKu5L43ZzNXmGMybAC9FMYix1bxDuOmv6OkmCINT3tNmSSuwd6QduJWcTvYjPjOP9zLuG1AWHjzXPh2Aiflw=="

    @Test func `a key is known by the fingerprint that ssh-keygen shows`() throws {
        let key = try SSHPublicKey(Self.ed25519 + "  ann@laptop ")
        #expect(key.text == Self.ed25519)
        #expect(key.fingerprint == "SHA256:+9IlbEoX7ueDWJbTwqhwuqH5ecZ7o+p2gF/h9cjARVA")
    }

    @Test(arguments: [
        "", "ssh-ed25519", "ssh-ed25519 AAAA", short, "ssh-dss AAAAB3NzaC1kc3MAAACBAA==",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIPdc+9sNDLaCTQyQ6lYIiLmmWzI4yKlvhUi+DOb/vKFT",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDhSku/djXSq414LBSjuKKfIar2NF+xYF1GA22xFVYI2LhqZD7tl0MTmhW7HQ8/JEf5lVD9WiQ/yVujoOpfxepvoUUKu5L43ZzNXmGMybAC9FMYix1bxDuOmv6OkmCINT3tNmSSuwd6QduJWcTvYjPjOP9zLuG1AWHjzXPh2Aiflw==",
        "command=\"id\" \(ed25519)", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPdc",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ])
    func `what is no key is refused`(line: String) {
        #expect(throws: Failure.self) { try SSHPublicKey(line) }
    }
}
