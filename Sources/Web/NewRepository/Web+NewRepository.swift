import Accounts
import Core
import HTTP
import Repositories

extension Web {
    var newRepositoryEndpoints: [Endpoint] {
        desk("new", in: .site, needs: .signedIn) { visit, rejected in
            NewRepositoryPage(
                owners: [visit.identity.login] + (try await administered(visit)),
                place: visit.place,
                origin: visit.origin,
                notice: Notice(visit, rejected),
                form: rejected?.form ?? visit.call.query
            )
        } take: { visit, form in
            switch form["do"] {
            case "make":
                let place = try await make(form, visit)
                return .goOn(visit.root[place.owner][place.name])
            case "import":
                let (place, lacksFiles) = try await importRepository(form, visit)
                let address = visit.root[place.owner][place.name]
                // What is missing can be fetched there.
                return .goOn(lacksFiles ? address["settings"]["mirrors"].after(.importedInPart) : address)
            default: throw Failure.unknownDeed
            }
        }
    }

    /// The organizations that who asks administers, by their names.
    private func administered(_ visit: Visit) async throws -> [String] {
        let store = accounts.organizations(for: visit.identity)
        var names: [String] = []
        for organization in try await organizations(of: visit) {
            let member = try await store.member(visit.identity.login, of: organization.id)
            if member.role == .admin { names.append(organization.login) }
        }
        return names
    }

    /// All organizations that who looks belongs to.
    func organizations(of visit: Visit) async throws -> [Profile] {
        let store = accounts.organizations(for: visit.identity)
        var (found, number): ([Profile], Int) = ([], 0)
        while true {
            number += 1
            let page = try PageRequest(number: number, limit: PageRequest.mostLimit)
            let part = try await store.list(of: visit.account(), page)
            found += part.elements
            if part.elements.isEmpty || found.count >= part.total { return found }
        }
    }

    private func make(_ form: Query, _ visit: Visit) async throws -> RepositoryPlace {
        let new = try newRepository(form)
        var start: StartingFiles?
        if form.isChecked("readme") {
            start = try StartingFiles(
                name: form.word("name"),
                description: form.word("description"),
                ignored: form.text("ignored").isEmpty ? [] : [form.text("ignored")],
                licence: form.text("licence")
            )
        }
        let place = try await accounts.repositories(for: visit.identity).create(new, ownedBy: owner(form))
        try await repositories.storage.ensure(place.workspace)
        if let start { try await begin(place, with: start, visit) }
        return place
    }

    /// The other server is asked first, so that what cannot be had makes no repository.
    private func importRepository(
        _ form: Query,
        _ visit: Visit
    ) async throws -> (place: RepositoryPlace, lacksFiles: Bool) {
        let source = try RemoteSource(
            address: form.word("address"),
            userName: form.word("user_name"),
            password: form.text("password")
        )
        let new = try newRepository(form)
        let mirror = try NewMirror(.pull, source, intervalSeconds: nil)
        try await accounts.repositories(for: visit.identity).requireCreation(ownedBy: owner(form))
        try await repositories.probe(source, for: visit.identity.account)
        let follows = form.isChecked("mirror")
        let place = try await accounts.repositories(for: visit.identity).create(
            new,
            ownedBy: owner(form),
            announcing: follows
                ? repositories.following(mirror)
                : repositories.announcing(.copy(of: source), isAwaited: false)
        )
        guard !follows, case .incomplete? = try await settled(place, visit)?.state else {
            return (place, false)
        }
        return (place, true)
    }

    private func newRepository(_ form: Query) throws -> NewRepository {
        try NewRepository(
            name: RepositoryName(form.word("name")),
            visibility: form.choice("visibility"),
            description: form.word("description")
        )
    }

    private func owner(_ form: Query) throws -> AccountName? {
        let owner = form.word("owner")
        return owner.isEmpty ? nil : try AccountName(owner)
    }

    private func begin(_ place: RepositoryPlace, with start: StartingFiles, _ visit: Visit) async throws {
        let author = try await author(visit)
        let year = Int(UTCTime(epochMs: author.seconds * 1_000).year)
        let request = CommitRequest(
            on: try BranchName("main"),
            try start.changes(holder: author.name, year: year),
            message: "Begin",
            by: author
        )
        let pusher = Pusher(visit.identity.caller(in: place.workspace), isAdmin: true)
        _ = try await repositories.git(for: pusher).commit(request)
    }

    /// Who commits what is made on a page.
    private func author(_ visit: Visit) async throws -> Signature {
        let profile = try await accounts.profiles(for: visit.identity).own()
        return Signature(
            name: profile.fullName.isEmpty ? profile.login : profile.fullName,
            email: profile.email ?? "\(profile.login)@users.noreply.localhost",
            seconds: Clock.system.nowMs() / 1_000
        )
    }
}
