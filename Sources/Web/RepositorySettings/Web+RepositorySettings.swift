import Accounts
import Core
import HTTP
import Repositories

/// What the admins of a repository change of it.
extension Web {
    var repositorySettings: [Endpoint] {
        generalSettings + accessSettings + ruleSettings + mirrorSettings + deployKeySettings + hookSettings
            + modelHookSettings + dangerSettings
    }

    /// A page of the settings of a repository, for its admins.
    func repositoryDesk(
        _ path: String,
        load: @escaping @Sendable (Visit, RepositoryPlace, Rejected?) async throws -> any Panel,
        take: @escaping @Sendable (Visit, RepositoryPlace, Query) async throws -> Outcome
    ) -> [Endpoint] {
        desk("settings" + path, in: .repositoryPages, needs: .admin) { visit, rejected in
            let place = visit.requiredRepository
            return SettingsPage(
                menu: .ofRepository(visit, place),
                panel: try await load(visit, place, rejected),
                notice: Notice(visit, rejected)
            )
        } take: { visit, form in
            try await take(visit, visit.requiredRepository, form)
        }
    }
}

extension Visit {
    /// The repository that the address names, where the row is below one.
    var requiredRepository: RepositoryPlace {
        guard let repository else { preconditionFailure("the address of this page names no repository") }
        return repository
    }

    /// The address of the repository in the API.
    var repositoryAPI: Address {
        root.below("api/v1/repos")[requiredRepository.owner][requiredRepository.name]
    }
}

extension SettingsMenu {
    static func ofRepository(_ visit: Visit, _ place: RepositoryPlace) -> SettingsMenu {
        let settings = visit.base["settings"]
        return SettingsMenu(
            title: "Settings of \(place.fullName)",
            crumbs: [
                Crumb(place.owner, visit.root[place.owner]), Crumb(place.name, visit.base),
                Crumb("Settings", settings),
            ],
            tab: .settings,
            items: [
                Item("General", settings), Item("Access", settings["access"]),
                Item("Branches and tags", settings["rules"]), Item("Mirrors", settings["mirrors"]),
                Item("Deploy keys", settings["keys"]), Item("Webhooks", settings["hooks"]),
                Item("Model webhooks", settings["model-hooks"]),
                Item("Danger zone", settings["danger"]),
            ]
        )
    }
}
