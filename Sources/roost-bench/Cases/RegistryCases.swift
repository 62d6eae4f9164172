import FoundationEssentials

/// The model registry: creating versions, finding one by its alias, searching among so many models of five versions.
struct RegistryCases {
    let models: Int

    private static let versionsOfModel = 5

    func all() -> [Case] {
        [1, 16].flatMap { [createVersion(clients: $0), byAlias(clients: $0)] }
            + [1, 16].flatMap(searches)
    }

    private func searches(clients: Int) -> [Case] {
        [
            search("models, first 100", "registered-models/search?max_results=100", clients),
            search(
                "models, name LIKE '%-77%'",
                "registered-models/search?max_results=100&filter=name%20LIKE%20%27%25-77%25%27",
                clients
            ),
            search("versions, first 1 000", "model-versions/search?max_results=1000", clients),
            search(
                "versions of one model",
                "model-versions/search?max_results=100&filter=name%3D%27\(Self.name(models / 2))%27",
                clients
            ),
        ]
    }

    private func createVersion(clients: Int) -> Case {
        Case(name: "create version, \(clients.clients)", unit: .perSecond) { stage, _ in
            guard stage.peer != .fml else { return [] }
            return (0..<clients).map { client in
                .exchange(Requests.createVersion(of: "new-\(client)"))
            }
        }
    }

    private func byAlias(clients: Int) -> Case {
        Case(name: "get version by alias, \(clients.clients)", unit: .perSecond) { stage, _ in
            guard stage.peer != .fml else { return [] }
            return (0..<clients).map { client in
                .exchange(
                    HTTPRequest.get(
                        "\(Requests.api)/registered-models/alias?name=\(Self.name(client))&alias=champion"
                    )
                )
            }
        }
    }

    /// How long a search takes one client, or how many are answered to several.
    private func search(_ what: String, _ path: String, _ clients: Int) -> Case {
        let name = "search \(grouped(models)) models × \(Self.versionsOfModel) versions: \(what)"
        return Case(
            name: clients == 1 ? name : "\(name), \(clients.clients)",
            unit: clients == 1 ? .milliseconds : .perSecond,
            countedText: "\"creation_timestamp\""
        ) { stage, _ in
            guard stage.peer != .fml else { return [] }
            return Array(repeating: .exchange(HTTPRequest.get("\(Requests.api)/\(path)")), count: clients)
        }
    }

    /// The same models, versions and aliases everywhere, and sixteen models without versions to add to.
    func fill(_ stage: Stage) throws {
        guard stage.peer.tracks, stage.peer != .fml else { return }
        stage.server.resume()
        defer { stage.server.pause() }
        for client in 0..<16 {
            _ = try stage.server.send(Requests.createModel(named: "new-\(client)"))
        }
        let names = (0..<models).map(Self.name)
        guard stage.peer == .roost else {
            return try PeerDatabase(stage).add(models: names, versions: Self.versionsOfModel)
        }
        for name in names {
            _ = try stage.server.send(Requests.createModel(named: name))
            for _ in 0..<Self.versionsOfModel { _ = try stage.server.send(Requests.createVersion(of: name)) }
            _ = try stage.server.send(Requests.setAlias(of: name, to: Self.versionsOfModel))
        }
    }

    private static func name(_ number: Int) -> String { "model-\(number)" }
}
