import Core
import HTTP

extension Web {
    var homeEndpoints: [Endpoint] {
        [
            page("", in: .site, needs: .open) { visit in
                guard settings.hasAccounts, !visit.isSignedIn else { return HomePage(visit: visit) }
                return WelcomePage(visit: visit)
            }
        ]
    }
}
