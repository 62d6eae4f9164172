import Accounts
import Core
import HTTP

extension Web {
    var tokenSettings: [Endpoint] {
        ownDesk("tokens") { visit, rejected in
            let reached = RepositorySearch(
                .reachedBy(try visit.account()),
                order: .updated,
                isDescending: true
            )
            async let tokens = accounts.tokens(for: visit.identity).list()
            async let repositories = accounts.repositories(for: visit.identity)
                .list(reached, PageRequest(limit: PageRequest.mostLimit))
            return TokensPanel(
                tokens: try await tokens,
                repositories: try await repositories.elements.map(\.place.fullName),
                hasMoreRepositories: try await repositories.total > PageRequest.mostLimit,
                needsPassword: try await needsPassword(visit),
                place: visit.place,
                api: visit.root.below("api/v1/user/tokens"),
                rejected: rejected?.form
            )
        } take: { visit, form in
            let tokens = try accounts.tokens(for: visit.identity)
            switch form["do"] {
            case "revoke":
                try await tokens.revoke(form.key("id"))
                return .goOn(visit.place.after(.revoked))
            case "make":
                try await confirm(visit, form)
                let made = try await tokens.create(newToken(form, visit))
                let panel = MadeTokenPanel(
                    made: made,
                    login: visit.identity.login,
                    origin: visit.origin,
                    place: visit.place
                )
                return .show(
                    SettingsPage(menu: .ofAccount(visit), panel: panel, notice: nil, item: "Tokens")
                )
            default: throw Failure.unknownDeed
            }
        }
    }

    private func newToken(_ form: Query, _ visit: Visit) async throws -> NewToken {
        let days = form.word("days")
        // What is no number is as wrong as a number that cannot be.
        let end: TokenEnd = days.isEmpty ? .never : .afterDays(Int64(days) ?? 0)
        return try NewToken(
            name: form.word("name"),
            role: form.choice("role"),
            reachesAccount: form.isChecked("reaches_account"),
            workspace: try await repository(form.word("repository"), visit)?.workspace,
            end: end,
            formMark: form.word(TokensPanel.markField)
        )
    }

    /// The repository that `owner/name` names; nil for an empty text.
    func repository(_ text: String, _ visit: Visit) async throws -> RepositoryPlace? {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw Failure.invalid("A repository is written owner/name.") }
        do {
            let target = Target.repository(owner: parts[0], name: parts[1])
            return try await accounts.admission.admit(visit.identity, to: target, needing: .read).repository
        } catch let moved as Moved {
            return moved.place
        } catch is Refusal {
            throw Failure.missing("No repository '\(text.prefix(200))' is here.")
        }
    }
}
