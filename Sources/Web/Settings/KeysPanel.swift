import Accounts
import Core
import HTTP

/// The SSH keys of somebody or of a repository, and where one is added.
struct KeysPanel: Panel {
    /// Whose keys they are.
    enum Holder {
        case account, repository
    }

    let keys: ListPage<StoredKey>
    let holder: Holder
    let place: Address
    let page: PageRequest
    let ways: [Way]
    let rejected: Query?

    var title: String { holder == .account ? "SSH keys" : "Deploy keys" }

    var body: HTML {
        """
        <p class="quiet">\(about)</p>
        \(list)
        \(Pager(total: keys.total, number: page.number, limit: page.limit, address: place).html)
        <section><h2>Add a key</h2>
        \(FormBox(action: place, deed: "add", button: "Add the key", fields: fields).html)</section>
        """
    }

    private var about: String {
        switch holder {
        case .account:
            "With a key Git reaches all repositories that you may, over SSH and without a password."
        case .repository:
            "A key of a machine that reaches this repository alone, such as one that builds or deploys."
        }
    }

    private var list: HTML {
        guard !keys.elements.isEmpty else {
            return EmptyState(
                heading: "No keys yet",
                text: "Make a key on your machine, and paste below what the second line prints.",
                lines: "ssh-keygen -t ed25519\ncat ~/.ssh/id_ed25519.pub"
            ).html
        }
        let right: HTML? = holder == .account ? nil : "<th>May</th>"
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Name</th><th>Fingerprint</th>\(right)<th>Added</th>
            <th>Last used</th><th><span class="visually-hidden">Delete</span></th></tr></thead>
            <tbody>\(keys.elements.map(row))</tbody></table></section>
            """
    }

    private func row(_ key: StoredKey) -> HTML {
        let delete = FormBox(
            action: place,
            deed: "delete",
            button: "Delete",
            look: .danger,
            hidden: [("id", "\(key.id)")],
            about: key.title
        )
        let right: HTML? = holder == .account ? nil : "<td>\(key.isReadOnly ? "read" : "read and write")</td>"
        return """
            <tr><td>\(key.title)</td><td class="mono">\(key.fingerprint)</td>\(right)
            <td>\(TimeLabel(key.createdMs).html)</td><td>\(key.lastUsedMs.map { TimeLabel($0).html } ?? "never")</td>
            <td class="end">\(delete.inRow)</td></tr>
            """
    }

    private var fields: HTML {
        """
        \(LineField(
            name: "title", label: "Name", value: rejected?["title"] ?? "",
            hint: "The comment of the key where it is left empty."
        ).html)
        \(AreaField(
            name: "key", label: "Key", value: rejected?["key"] ?? "",
            hint: "The line of a file that ends in .pub; it begins with ssh-ed25519, ecdsa- or ssh-rsa.",
            isRequired: true
        ).html)
        \(holder == .account
            ? nil
            : CheckField(
                name: "writes", label: "It may also push", isChecked: rejected?["writes"] != nil
            ).html)
        """
    }
}

extension Web {
    var keySettings: [Endpoint] {
        ownDesk("keys") { visit, rejected in
            let page = try visit.pageRequest()
            return KeysPanel(
                keys: try await accounts.keys(for: visit.identity).list(of: visit.account(), page),
                holder: .account,
                place: visit.place,
                page: page,
                ways: [.json(visit.root.below("api/v1/user/keys"))],
                rejected: rejected?.form
            )
        } take: { visit, form in
            let keys = accounts.keys(for: visit.identity)
            switch form["do"] {
            case "delete":
                try await keys.delete(form.key("id"))
                return .goOn(visit.place.after(.removed))
            case "add":
                _ = try await keys.add(SSHPublicKey(form.word("key")), title: form.word("title"))
                return .goOn(visit.place.after(.added))
            default: throw Failure.unknownDeed
            }
        }
    }
}
