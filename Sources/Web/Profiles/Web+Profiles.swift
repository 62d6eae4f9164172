import Accounts
import Core
import HTTP

extension Web {
    var profileEndpoints: [Endpoint] {
        [page(":owner", in: .site, needs: .open) { visit in try await profile(visit) }]
    }

    private func profile(_ visit: Visit) async throws -> any Page {
        // What is no name, or one that the server keeps for itself, is nobody's page, whoever asks.
        guard let name = try? AccountName(visit.call.parameter("owner")) else {
            throw Failure.missing("There is nothing at this address.")
        }
        let found = try await visibleProfile(name, visit)
        let isPerson = found.kind == .user
        let role = try await isPerson || !visit.isSignedIn ? nil : membership(visit, in: found)
        let isMember = role != nil || visit.isServerAdmin
        let part = part(visit, isPerson: isPerson, isMember: isMember)
        let request = try visit.pageRequest()
        let search = visit.query("q") ?? ""
        return ProfilePage(
            profile: found,
            organizations: isPerson && visit.isSignedIn ? try await shared(found, visit) : nil,
            part: part,
            content: try await content(part, found, search, request, visit),
            search: search,
            request: request,
            visit: visit,
            isMember: isMember,
            mayManage: isPerson
                ? found.id == visit.identity.account : role == .admin || visit.isServerAdmin
        )
    }

    /// Who has an account sees everybody; others see only those who show them something.
    ///
    /// Security: who shows nothing is told from who does not exist by nobody without an account.
    private func visibleProfile(_ name: AccountName, _ visit: Visit) async throws -> Profile {
        let profiles = accounts.profiles(for: visit.identity)
        guard !visit.isSignedIn else { return try await profiles.get(name.text) }
        guard let found = try? await profiles.get(name.text) else { throw Refusal.signIn }
        let shown = try await accounts.repositories(for: visit.identity)
            .list(RepositorySearch(.ownedBy(found.id)), PageRequest(limit: 1))
        guard shown.total > 0 else { throw Refusal.signIn }
        return found
    }

    private func membership(_ visit: Visit, in organization: Profile) async throws -> OrganizationRole? {
        do {
            return try await accounts.organizations(for: visit.identity)
                .member(visit.identity.login, of: organization.id).role
        } catch is Refusal {
            return nil
        } catch let failure as Failure where failure.code == .missing {
            return nil
        }
    }

    private func shared(_ person: Profile, _ visit: Visit) async throws -> ListPage<Profile> {
        try await accounts.organizations(for: visit.identity)
            .list(of: person.id, PageRequest(limit: PageRequest.mostLimit))
    }

    private func part(_ visit: Visit, isPerson: Bool, isMember: Bool) -> ProfilePage.Part {
        let part = visit.query("tab").flatMap(ProfilePage.Part.init) ?? .repositories
        let isThere =
            switch part {
            case .repositories: true
            case .stars: isPerson
            case .people, .teams: !isPerson && isMember
            }
        return isThere ? part : .repositories
    }

    private func content(
        _ part: ProfilePage.Part,
        _ profile: Profile,
        _ search: String,
        _ request: PageRequest,
        _ visit: Visit
    ) async throws -> ProfilePage.Content {
        let identity = visit.identity
        switch part {
        case .repositories, .stars:
            let scope: RepositorySearch.Scope =
                part == .stars ? .starredBy(profile.id) : .ownedBy(profile.id)
            let wanted = RepositorySearch(scope, text: search, order: .updated, isDescending: true)
            return .repositories(try await accounts.repositories(for: identity).list(wanted, request))
        case .people:
            return .people(try await accounts.organizations(for: identity).members(of: profile.id, request))
        case .teams: return .teams(try await accounts.teams(of: profile.id, for: identity).list(request))
        }
    }
}
