import Core
import HTTP
import HTTPTypes

extension Web {
    var homeEndpoints: [Endpoint] {
        [
            page("", in: .site, needs: .open) { visit in
                guard settings.hasAccounts, !visit.isSignedIn else {
                    return try await HomePage.load(visit, self)
                }
                return try await WelcomePage.load(visit, accounts)
            },
            page("explore", in: .site, needs: .open) { try await ExplorePage.load($0, accounts) },
        ]
    }
}
