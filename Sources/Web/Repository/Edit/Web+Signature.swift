import Accounts
import Core
import FoundationEssentials
import Repositories

extension Web {
    /// Who makes commits and tags for who looks.
    func signature(of visit: Visit) async throws -> Signature {
        let seconds = Int64(Date().timeIntervalSince1970)
        guard visit.identity.account != nil else {
            return Signature(
                name: visit.caller.name,
                email: "\(visit.caller.name)@localhost",
                seconds: seconds
            )
        }
        let profile = try await accounts.profiles(for: visit.identity).own()
        return Signature(
            name: profile.fullName.isEmpty ? profile.login : profile.fullName,
            email: profile.email ?? "\(profile.login)@users.noreply.localhost",
            seconds: seconds
        )
    }
}
