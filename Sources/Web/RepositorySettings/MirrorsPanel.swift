import Accounts
import Core
import HTTP
import Repositories

/// Other servers that a repository follows, or that follow it.
struct MirrorsPanel: Panel {
    let mirrors: [Mirror]
    let isEmpty: Bool
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Mirrors" }
    var ways: [Way] { [.json(api["mirrors"])] }

    var body: HTML {
        """
        \(list)
        <section><h2>Set a mirror</h2>
        <p class="quiet">One with the same direction and address is replaced.</p>
        \(FormBox(action: place, deed: "set", button: "Set the mirror", fields: fields).html)</section>
        \(isEmpty ? "" : largeFiles)
        """
    }

    private var list: HTML {
        guard !mirrors.isEmpty else {
            return EmptyState(
                heading: "No mirrors",
                text: "A repository can follow one of another server, or send each push on to one."
            ).html
        }
        return """
            <section><ul class="things">\(mirrors.map(row))</ul>
            \(FormBox(action: place, deed: "sync", button: "Run now", look: .plain).html)</section>
            """
    }

    private func row(_ mirror: Mirror) -> HTML {
        let remove = FormBox(
            action: place,
            deed: "remove",
            button: "Remove",
            look: .danger,
            hidden: [("id", "\(mirror.id)")],
            about: mirror.address
        )
        return """
            <li><div class="row between"><h3>\(mirror.direction == .pull ? "Follows" : "Sends to") <span class="mono">\
            \(mirror.address)</span> \(state(mirror))</h3>\(remove.inRow)</div>
            <p class="facts-line">
            <span>\(mirror.userName.isEmpty ? "as nobody" : "as \(mirror.userName)")\
            \(mirror.hasPassword ? ", with a password" : "")</span>
            <span>\(mirror.intervalSeconds == 0
                ? "only when asked or changed" : "every \(Span(ms: mirror.intervalSeconds * 1_000).text)")</span>
            <span>last run \(mirror.lastMs.map { TimeLabel($0).html } ?? "never")</span>
            <span>last success \(mirror.lastSuccessMs.map { TimeLabel($0).html } ?? "never")</span></p>
            \(mirror.lastError.map { "<p class=\"note bad\">\($0)</p>" as HTML })</li>
            """
    }

    private func state(_ mirror: Mirror) -> HTML {
        if mirror.isRunning { return "<span class=\"badge busy\">running</span>" }
        if mirror.failures > 0 { return "<span class=\"badge bad\">failed \(mirror.failures) times</span>" }
        if mirror.lastSuccessMs == nil { return "<span class=\"badge\">waits</span>" }
        return mirror.lastError == nil
            ? "<span class=\"badge good\">well</span>" : "<span class=\"badge\">see below</span>"
    }

    private var largeFiles: HTML {
        """
        <section><h2>Fetch large files</h2>
        <p class="quiet">Those that the history names and this repository lacks, once, from the repository that it came from.</p>
        \(FormBox(
            action: place, deed: "large-files", button: "Fetch them", fields: "\(address)\(credentials)"
        ).html)</section>
        """
    }

    private var address: HTML {
        LineField(
            name: "address",
            label: "Address of the other",
            value: rejected?["address"] ?? "",
            type: "url",
            isRequired: true,
            placeholder: "https://"
        ).html
    }

    private var credentials: HTML {
        """
        <div class="pair">
        \(LineField(name: "user_name", label: "User name there", value: rejected?["user_name"] ?? "").html)
        \(LineField(name: "password", label: "Password or token there", type: "password", autocomplete: "new-password").html)
        </div>
        """
    }

    private var fields: HTML {
        """
        <fieldset><legend>Direction</legend>
        \(RadioField(
            name: "direction", value: "push", label: "This one sends to the other",
            isChecked: rejected?["direction"] != "pull", hint: "After each push here, and at the interval."
        ).html)
        \(RadioField(
            name: "direction", value: "pull", label: "This one follows the other",
            isChecked: rejected?["direction"] == "pull",
            hint: isEmpty
                ? "It is then changed only there." : "Only an empty repository can: this one has branches already."
        ).html)
        </fieldset>
        \(address)\(credentials)
        \(LineField(
            name: "hours", label: "Runs every so many hours", value: rejected?["hours"] ?? "8", type: "number",
            hint: "0 for only when asked or changed."
        ).html)
        """
    }
}

extension Web {
    var mirrorSettings: [Endpoint] {
        repositoryDesk("/mirrors") { visit, place, rejected in
            let isThere = repositories.storage.exists(place.workspace)
            let isEmpty = isThere ? try await repositories.reading(for: visit.caller).isEmpty() : true
            return MirrorsPanel(
                mirrors: try await repositories.mirrors(for: visit.caller).list(),
                isEmpty: isEmpty,
                place: visit.place,
                api: visit.repositoryAPI,
                rejected: rejected?.form
            )
        } take: { visit, _, form in
            let mirrors = repositories.mirrors(for: visit.caller)
            switch form["do"] {
            case "sync":
                try await mirrors.sync()
                return .goOn(visit.place.after(.queued))
            case "remove":
                try await mirrors.delete(form.key("id"))
                return .goOn(visit.place.after(.removed))
            case "large-files":
                let report = try await repositories.fetchLargeFiles(from: source(form), for: visit.caller)
                if let lacking = report.lacking { throw Failure.invalid(lacking) }
                return .goOn(visit.place.after(.fetched))
            case "set":
                _ = try await mirrors.set(newMirror(form))
                return .goOn(visit.place.after(.queued))
            default: throw Failure.unknownDeed
            }
        }
    }

    private func newMirror(_ form: Query) throws -> NewMirror {
        guard let hours = Int64(form.word("hours")), (0...720).contains(hours) else {
            throw Failure.invalid("A mirror runs every 1 to 720 hours, or at 0 only when asked.")
        }
        return try NewMirror(form.choice("direction"), source(form), intervalSeconds: hours * 3_600)
    }

    private func source(_ form: Query) throws -> RemoteSource {
        try RemoteSource(
            address: form.word("address"),
            userName: form.word("user_name"),
            password: form.text("password")
        )
    }
}
