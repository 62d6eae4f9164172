/// Writing: create run, log metric, log batch, at 1 and at 16 clients.
enum WriteCases {
    /// A batch of `keys × steps` points with `others` params and as many tags.
    struct Batch {
        let name: String
        let keys: Int
        let steps: Int
        let others: Int
    }

    static let batches = [
        Batch(name: "log batch of 1 000 metrics as 1 000 keys", keys: 1000, steps: 1, others: 0),
        Batch(name: "log batch of 1 000 metrics as 10 keys × 100 steps", keys: 10, steps: 100, others: 0),
        Batch(name: "log batch of 800 metrics, 100 params, 100 tags", keys: 800, steps: 1, others: 100),
    ]

    static func all() -> [Case] {
        [1, 16].flatMap { clients in
            [createRun(clients), logMetric(clients)] + batches.map { logBatch($0, clients) }
        }
    }

    private static func createRun(_ clients: Int) -> Case {
        Case(name: "create run, \(clients.clients)", unit: .perSecond) { _, _ in
            Array(repeating: .exchange(Requests.createRun(in: "0")), count: clients)
        }
    }

    private static func logMetric(_ clients: Int) -> Case {
        Case(name: "log metric, \(clients.clients)", unit: .perSecond) { stage, round in
            (0..<clients).map {
                .exchange(Requests.logMetric, first: round * 1_000_000, runs: [stage.runs[$0]])
            }
        }
    }

    /// Every client logs ever later steps to a run of its own.
    ///
    /// With params, which a run takes once, each batch goes to a fresh run.
    private static func logBatch(_ batch: Batch, _ clients: Int) -> Case {
        let pattern = Requests.logBatch(batch)
        return Case(name: "\(batch.name), \(clients.clients)", unit: .perSecond) {
            stage,
            round in
            guard batch.others > 0 else {
                return (0..<clients).map { .exchange(pattern, first: round * 10_000, runs: [stage.runs[$0]]) }
            }
            return try stage.makeFreshRuns(forClients: clients).map { .exchange(pattern, runs: $0) }
        }
    }
}

extension Int {
    var clients: String { self == 1 ? "1 client" : "\(self) clients" }
}
