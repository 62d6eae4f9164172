import Accounts
import Core
import Testing

@Suite struct PasswordRulesTests {
    @Test(arguments: [
        "", "            ", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "abababababababab", "123456789012345",
        "abcdefghijklmnop", "qwertyuiopasdfgh", "Password1234", "1234Password!!!!", "passwordpassword",
        "my name is annabel", "correct horse battery staple", "changeme123456", "roost_0123456789abcdef",
        String(repeating: "long enough? ", count: 100),
    ])
    func `a weak password is refused`(text: String) {
        #expect(throws: Failure.self) { try NewPassword(text, for: "annabel") }
    }

    @Test(arguments: ["a grey heron stands", "Tr0ub4dor&3x-plus", "pässwörter sind schön", "kMz7-qWx2-9fLp"])
    func `a good password is taken`(text: String) throws {
        _ = try NewPassword(text, for: "annabel")
    }
}
