import Accounts
import Testing

@Suite struct RoleTests {
    @Test func `each role includes those before it`() {
        #expect(Role.read < .write)
        #expect(Role.write < .admin)
        #expect(Role.allCases.max() == .admin)
    }
}
