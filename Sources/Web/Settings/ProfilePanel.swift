import Accounts
import HTTP

/// What others see of a person.
struct ProfilePanel: Panel {
    let profile: Profile
    let place: Address
    let api: Address
    let publicPage: Address
    let rejected: Query?

    var title: String { "Profile" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <p class="quiet">Whoever has an account here sees this on <a href="\(publicPage)">your page</a>; your address for mail
        only you and who looks after the server.</p>
        \(FormBox(action: place, deed: "save", button: "Save", fields: fields).html)
        """
    }

    private var fields: HTML {
        """
        \(ProfileFields(profile: profile, rejected: rejected).html)
        \(LineField(
            name: "email", label: "Address for mail", value: rejected?["email"] ?? profile.email ?? "",
            type: "email", hint: "Commits that you make on these pages have it.", autocomplete: "email"
        ).html)
        """
    }
}

/// What is said of a person or of an organization.
struct ProfileFields {
    let profile: Profile?
    /// What was sent and refused.
    let rejected: Query?

    var html: HTML {
        """
        \(LineField(
            name: "full_name", label: "Name in full", value: value("full_name", profile?.fullName), autocomplete: "name"
        ).html)
        \(AreaField(name: "description", label: "About", value: value("description", profile?.description)).html)
        \(LineField(
            name: "website", label: "Website", value: value("website", profile?.website), type: "url",
            autocomplete: "url", placeholder: "https://"
        ).html)
        \(LineField(name: "location", label: "Location", value: value("location", profile?.location)).html)
        """
    }

    private func value(_ name: String, _ stored: String?) -> String { rejected?[name] ?? stored ?? "" }
}

extension ProfileChange {
    /// What a form with `ProfileFields` says.
    init(_ form: Query) throws {
        try self.init(
            fullName: form.word("full_name"),
            description: form.text("description").replacing("\r\n", with: "\n"),
            website: form.word("website"),
            location: form.word("location")
        )
    }
}

extension Web {
    var profileSettings: [Endpoint] {
        ownDesk("profile") { visit, rejected in
            ProfilePanel(
                profile: try await accounts.profiles(for: visit.identity).own(),
                place: visit.place,
                api: visit.root.below("api/v1/user"),
                publicPage: visit.root[visit.identity.login],
                rejected: rejected?.form
            )
        } take: { visit, form in
            let profiles = accounts.profiles(for: visit.identity)
            _ = try await profiles.edit(ProfileChange(form), email: form.word("email"))
            return .goOn(visit.place.after(.saved))
        }
    }
}
