import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

extension Web {
    var frontEndpoints: [Endpoint] {
        [
            repositoryPage("") { repository in
                async let header = header(of: repository)
                async let arrival = repositories.arrivals(for: repository.visit.caller).find()
                let start = try await repository.start()
                async let files = files(of: repository, at: start)
                let head = try await header
                async let upstream = upstreamNote(of: repository, at: start, head.parent)
                return try await FrontPage(
                    repository: repository,
                    header: head,
                    upstream: upstream,
                    arrival: arrival.map {
                        ArrivalNote(arrival: $0, parent: head.parent?.place, visit: repository.visit)
                    },
                    side: sideColumn(of: repository, head.facts, at: start),
                    files: files
                )
            },
            attentionForm("star", .star), attentionForm("watch", .watch),
            repositoryPage("fork") { try await forkPage($0) },
            forkForm, arrivalForm, leaveForm,
        ]
    }

    private func files(
        of repository: RepositoryVisit,
        at start: ResolvedRevision?
    ) async throws -> FrontPage.Files? {
        guard let start else { return nil }
        async let view = folderView(.root, start, repository)
        let switcher = try await switcher(.src, start, .root, repository)
        return FrontPage.Files(
            view: try await view,
            switcher: switcher,
            branchCount: switcher.branches.count,
            tagCount: switcher.tags.count
        )
    }

    private func attentionForm(_ path: String, _ attention: Attention) -> Endpoint {
        form(path, in: .repositoryPages, needs: .read) { visit, form in
            let store = accounts.repositories(for: visit.identity)
            if form["given"] == "yes" {
                try await store.give(attention, to: visit.caller.workspace)
            } else {
                try await store.withdraw(attention, from: visit.caller.workspace)
            }
            return visit.base
        }
    }

    /// Where somebody gives up the right that they were given, after which they may see nothing here any more.
    private var leaveForm: Endpoint {
        form("leave", in: .repositoryPages, needs: .read) { visit, form in
            guard form["do"] == "leave" else {
                throw Failure.unknownDeed
            }
            try await accounts.collaborators(for: visit.identity)
                .remove(visit.identity.login, from: visit.caller.workspace)
            return visit.root
        }
    }

    private func forkPage(_ repository: RepositoryVisit, refusal: String? = nil) async throws -> ForkPage {
        guard repository.visit.identity.account != nil else {
            throw Failure(.unauthenticated, "Sign in to fork a repository.")
        }
        let organizations = try await organizations(of: repository.visit)
        return ForkPage(
            repository: repository,
            owners: [repository.visit.identity.login] + organizations.map(\.login),
            refusal: refusal
        )
    }

    private var forkForm: Endpoint {
        Endpoint(.post, "fork", in: .repositoryPages, needs: .read) { call in
            try call.checkForm()
            let (visit, form) = (visit(call), try await call.form())
            do {
                let owner = form["owner"].flatMap { $0 == visit.identity.login || $0.isEmpty ? nil : $0 }
                let place = try await accounts.repositories(for: visit.identity).fork(
                    visit.caller.workspace,
                    as: form["name"].flatMap { $0.isEmpty ? nil : $0 },
                    ownedBy: owner.map { try AccountName($0) },
                    announcing: repositories.announcing(.fork(of: visit.caller.workspace))
                )
                try await copy(into: place, visit)
                return .redirect(to: visit.root[place.owner][place.name].text)
            } catch let failure as Failure where failure.isOfPerson {
                let page = try await forkPage(enter(visit), refusal: failure.message)
                return await answer(page, for: visit, status: Answer(failure).status)
            }
        }
    }
}

/// Where a copy of a repository is to be.
struct ForkPage: Page {
    let repository: RepositoryVisit
    let owners: [String]
    let refusal: String?

    var title: String { "Fork \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Fork")] }
    var tab: Tab? { .code }
    var styles: [String] { ["repository/repository.css"] }
    var ways: [Way] {
        [
            .shell(
                "curl -X POST -H 'Authorization: Bearer TOKEN' \(repository.visit.serverOrigin)\(repository.api["forks"])"
            )
        ]
    }

    var body: HTML {
        """
        <h1>Fork \(repository.place.fullName)</h1>
        <p>A fork is a repository of your own that begins with all branches, tags and large files of this one.</p>
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
        <form method="post" action="\(repository.visit.base["fork"])">
        <label class="field">Owner <select name="owner">\(owners.map { "<option>\($0)</option>" as HTML })</select></label>
        <label class="field">Name <input name="name" value="\(repository.place.name)" required maxlength="100"></label>
        <div class="row"><button class="button primary">Fork</button>
        <a class="button" href="\(repository.visit.base)">Cancel</a></div></form>
        """
    }
}
