import Accounts
import Core
import HTTP

extension Web {
    var deployKeySettings: [Endpoint] {
        repositoryDesk("/keys") { visit, place, rejected in
            let page = try visit.pageRequest()
            return KeysPanel(
                keys: try await accounts.keys(for: visit.identity).list(of: place.workspace, page),
                holder: .repository,
                place: visit.place,
                page: page,
                ways: [.json(visit.repositoryAPI["keys"])],
                rejected: rejected?.form
            )
        } take: { visit, place, form in
            let keys = accounts.keys(for: visit.identity)
            switch form["do"] {
            case "delete":
                try await keys.delete(form.key("id"), of: place.workspace)
                return .goOn(visit.place.after(.removed))
            case "add":
                _ = try await keys.add(
                    SSHPublicKey(form.word("key")),
                    title: form.word("title"),
                    isReadOnly: !form.isChecked("writes"),
                    to: place.workspace
                )
                return .goOn(visit.place.after(.added))
            default: throw Failure.unknownDeed
            }
        }
    }
}
