import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// The pages of who looks after the server.
extension Web {
    var adminEndpoints: [Endpoint] {
        let start = Endpoint(.get, "admin", in: .site, needs: .serverAdmin) { call in
            .redirect(to: visit(call).root.below("admin/users").text)
        }
        return [start] + adminUsers + adminUser + adminOrganizations + adminRepositories + adminStorage
            + adminJobs + adminAudit + adminServer
    }

    /// A page of the administration that shows something and takes nothing.
    func adminPage(
        _ path: String,
        load: @escaping @Sendable (Visit) async throws -> any Panel
    ) -> Endpoint {
        page("admin/" + path, in: .site, needs: .serverAdmin) { visit in
            SettingsPage(
                menu: .ofServer(visit),
                panel: try await load(visit),
                notice: Notice(visit, nil)
            )
        }
    }

    /// What a page of the administration shows, for programs: at its address with `.json` behind it.
    func adminJSON(_ path: String, load: @escaping @Sendable (Visit) async throws -> JSON) -> Endpoint {
        Endpoint(.get, "admin/\(path).json", in: .site, needs: .serverAdmin) { call in
            .fresh(try await load(visit(call)))
        }
    }

    func adminDesk(
        _ path: String,
        item: String? = nil,
        load: @escaping @Sendable (Visit, Rejected?) async throws -> any Panel,
        take: @escaping @Sendable (Visit, Query) async throws -> Outcome
    ) -> [Endpoint] {
        desk("admin/" + path, in: .site, needs: .serverAdmin) { visit, rejected in
            SettingsPage(
                menu: .ofServer(visit),
                panel: try await load(visit, rejected),
                notice: Notice(visit, rejected),
                item: item
            )
        } take: { visit, form in
            try await take(visit, form)
        }
    }
}

extension Visit {
    /// Where a program gets what a page of the administration shows.
    func adminJSON(_ path: String) -> Address { root["admin"]["\(path).json"] }
}

extension SettingsMenu {
    static func ofServer(_ visit: Visit) -> SettingsMenu {
        let admin = visit.root["admin"]
        return SettingsMenu(
            title: "Server",
            crumbs: [Crumb("Server", admin)],
            items: [
                Item("Users", admin["users"]), Item("Organizations", admin["organizations"]),
                Item("Repositories", admin["repositories"]), Item("Storage", admin["storage"]),
                Item("Jobs", admin["jobs"]), Item("Audit", admin["audit"]), Item("Server", admin["server"]),
            ]
        )
    }
}
