/// Searching among so many runs of 10 metrics, 10 params and 5 tags, at one client.
struct SearchCases {
    let runs: Int
    /// The experiment that holds the runs, by peer.
    let experiments: [Peer: String]

    func all() -> [Case] {
        [
            search("first 100", most: 100),
            search("first 1 000", most: 1000),
            search(
                "metrics.acc > 0.9 and params.lr = '0.1'",
                filter: "metrics.acc > 0.9 and params.lr = '0.1'"
            ),
            search("params.x LIKE '%-77%'", filter: "params.x LIKE '%-77%'"),
            search("order by metrics.acc DESC", orderBy: "metrics.acc DESC"),
            search("order by tags.team", orderBy: "tags.team ASC"),
            paging,
        ]
    }

    private func search(
        _ what: String,
        filter: String = "",
        orderBy: String = "",
        most: Int = 100
    ) -> Case {
        Case(
            name: "search \(grouped(runs)) runs: \(what)",
            unit: .milliseconds,
            settlingSeconds: filter.isEmpty && orderBy.isEmpty ? 0 : 2 + Double(runs) / 20_000,
            countedText: "\"artifact_uri\""
        ) {
            stage,
            _ in
            let body = Requests.openSearch(
                in: experiments[stage.peer] ?? "0",
                filter: filter,
                orderBy: orderBy,
                most: most
            )
            return [.exchange(HTTPRequest.post("\(Requests.searchPath)", "\(body)}"))]
        }
    }

    private var paging: Case {
        Case(name: "search \(grouped(runs)) runs: all, in pages of 1 000", unit: .milliseconds) { stage, _ in
            let body = Requests.openSearch(in: experiments[stage.peer] ?? "0", most: 1000)
            return [.paging(PagedRequest(method: "POST", path: Requests.searchPath, openBody: body))]
        }
    }

    static func fill(_ stage: Stage, runs: Int, from first: Int, clients: ClientGroup) throws -> String {
        stage.server.resume()
        defer { stage.server.pause() }
        let experimentID = try stage.createExperiment(named: "search \(runs)")
        guard stage.peer == .roost else {
            try PeerDatabase(stage).add(runs: runs, from: first, to: experimentID)
            return experimentID
        }
        // In turn, so that runs are written about when they say that they began, as in the databases of the peers.
        let workloads = (0..<16).map { client in
            let work = Work.fill(
                experimentID: experimentID,
                first: first + client,
                step: 16,
                end: first + runs
            )
            return Workload(port: stage.server.port, durationSeconds: 3600, work: work)
        }
        let filled = try clients.run(workloads, against: stage.server)
        guard filled.operations == runs else {
            throw BenchFailure("\(filled.operations) of \(runs) runs were made: \(filled.firstFailure ?? "")")
        }
        return experimentID
    }
}

/// A number with its thousands apart.
func grouped(_ number: Int) -> String {
    let digits = String(number)
    let head = digits.count % 3
    var parts = head > 0 ? [String(digits.prefix(head))] : []
    var rest = digits.dropFirst(head)
    while !rest.isEmpty {
        parts.append(String(rest.prefix(3)))
        rest = rest.dropFirst(3)
    }
    return parts.joined(separator: " ")
}
