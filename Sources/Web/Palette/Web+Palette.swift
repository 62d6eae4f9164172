import Accounts
import Core
import HTTP
import HTTPTypes
import Registry
import Repositories
import Tracking

extension Web {
    /// Of each kind of thing, so many are told.
    private static let mostOfKind = 8
    /// Longer texts name nothing.
    private static let mostLetters = 200

    var paletteEndpoints: [Endpoint] {
        [
            Endpoint(.get, "-/find.json", in: .workspacePages, needs: .read) { call in
                try await find(Self.wanted(call), for: visit(call))
            },
            Endpoint(.get, "-/repositories.json", in: .site, needs: .open) { call in
                try await findRepositories(Self.wanted(call), for: visit(call))
            },
        ]
    }

    private static func wanted(_ call: Call) -> String {
        String((call.query["q"] ?? "").prefix(mostLetters))
    }

    /// What of a workspace fits a text: each thing with its kind, what it is called, what it is in, and its address.
    private func find(_ text: String, for visit: Visit) async throws -> Answer {
        let caller = visit.caller
        let limit = Self.mostOfKind
        async let runs = tracking.runs(for: caller).find(beginningWith: text, limit: limit)
        async let experiments = tracking.experiments(for: caller).find(containing: text, limit: limit)
        async let models = registry.registeredModels(for: caller).find(containing: text, limit: limit)
        async let files = files(containing: text, for: visit)
        let places = ModelAddresses(visit.base)
        let found = Finding.all(
            try await experiments.map {
                Finding("experiment", $0.name, "", visit.base["experiments"]["\($0.id)"])
            },
            try await runs.map { Finding("run", $0.name, $0.experimentName, places.run($0.id)) },
            try await models.map {
                Finding($0.isPrompt ? "prompt" : "model", $0.name, "", places.model($0.name))
            },
            try await files
        )
        return Self.answer(found)
    }

    /// Nothing where no repository is, or where nobody wrote what they look for.
    private func files(containing text: String, for visit: Visit) async throws -> [Finding] {
        guard visit.repository != nil, !text.isEmpty,
            repositories.storage.exists(visit.caller.workspace),
            let found = try await repositories.reading(for: visit.caller).find(
                containing: text,
                limit: Self.mostOfKind
            )
        else { return [] }
        let root = visit.base["src"].below(found.branch.text)
        return found.paths.map { path in
            Finding(
                "file",
                path.description,
                found.branch.text,
                Address(root.text + "/" + path.percentEncoded)
            )
        }
    }

    private func findRepositories(_ text: String, for visit: Visit) async throws -> Answer {
        let page = try PageRequest(limit: Self.mostOfKind)
        let search = RepositorySearch(text: text, order: .updated, isDescending: true)
        let found = try await accounts.repositories(for: visit.identity).list(search, page)
        return Self.answer(
            found.elements.map { repository in
                let place = repository.place
                return Finding(
                    "repository",
                    place.fullName,
                    repository.description,
                    visit.root[place.owner][place.name]
                )
            }
        )
    }

    private static func answer(_ findings: [Finding]) -> Answer {
        var answer = Answer.json { json in
            json.array("found") { json in
                for finding in findings { finding.write(to: &json) }
            }
        }
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}

/// Something that the palette goes to.
struct Finding: Sendable {
    private let kind: String
    private let title: String
    private let note: String
    private let address: Address

    private static let mostNoteLetters = 120

    /// - Parameters:
    ///   - kind: What it is, in one word.
    ///   - title: What it is called.
    ///   - note: What it is in, or what is said of it.
    ///   - address: Its page.
    init(_ kind: String, _ title: String, _ note: String, _ address: Address) {
        self.kind = kind
        self.title = title
        self.note = String(note.prefix(Self.mostNoteLetters))
        self.address = address
    }

    static func all(_ lists: [Finding]...) -> [Finding] { lists.flatMap(\.self) }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("kind", kind)
            json.field("title", title)
            json.field("note", note)
            json.field("address", address.text)
        }
    }
}
