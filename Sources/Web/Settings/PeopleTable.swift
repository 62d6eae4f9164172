import Accounts
import HTTP

/// People with a word for what each is or may, which is changed and taken away in the row; and the form that adds one.
struct PeopleTable {
    /// The column of the words, such as `May`, which is also how one is asked for.
    let heading: String
    let options: [ChoiceField.Option]
    /// Where the forms are sent to: `do` is `set` or `remove`, with `login` and `role`.
    let place: Address
    let root: Address
    /// What of somebody the word says, for who hears the page: `what ann may`.
    let about: @Sendable (_ login: String) -> String

    func html(_ people: [(profile: Profile, role: String)]) -> HTML {
        """
        <div class="scroll"><table class="list"><thead><tr><th>Name</th><th>\(heading)</th>
        <th><span class="visually-hidden">Remove</span></th></tr></thead>
        <tbody>\(people.map { row($0.profile, $0.role) })</tbody></table></div>
        """
    }

    private func row(_ profile: Profile, _ role: String) -> HTML {
        let login = profile.login
        let change = FormBox(
            action: place,
            deed: "set",
            button: "Change",
            look: .plain,
            hidden: [("login", login)],
            fields: ChoiceField(
                name: "role",
                label: about(login),
                options: options,
                value: role,
                isLabelHidden: true
            ).html
        )
        let remove = FormBox(
            action: place,
            deed: "remove",
            button: "Remove",
            look: .danger,
            hidden: [("login", login)],
            about: login
        )
        return """
            <tr><td><a href="\(root[login])">\(login)</a> <span class="quiet">\(profile.fullName)</span></td>
            <td>\(change.inRow)</td><td class="end">\(remove.inRow)</td></tr>
            """
    }

    /// The form that adds somebody.
    ///
    /// - Parameters:
    ///   - button: What it does.
    ///   - role: The word that is chosen at first.
    ///   - label: How one is asked for the word.
    ///   - rejected: What was sent last and could not be done.
    /// - Returns: The form.
    func adding(button: String, role: String, label: String, _ rejected: Query?) -> HTML {
        FormBox(
            action: place,
            deed: "set",
            button: button,
            fields: """
                <div class="pair">
                \(LineField(name: "login", label: "Name", value: rejected?["login"] ?? "", isRequired: true).html)
                \(ChoiceField(name: "role", label: label, options: options, value: rejected?["role"] ?? role).html)
                </div>
                """
        ).html
    }
}
