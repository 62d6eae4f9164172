import FoundationEssentials

/// A peer that runs on fresh data, and what the cases remember of it.
final class Stage {
    let peer: Peer
    let programs: Programs
    let folder: String
    private(set) var server: Server
    /// A run for each client.
    private(set) var runs: [String] = []
    /// The run whose history is a long one.
    var longRun = ""
    let startSeconds: Double
    let idleBytes: Int

    init(_ peer: Peer, programs: Programs, folder: String) throws {
        self.peer = peer
        self.programs = programs
        self.folder = folder
        server = try Self.start(peer, programs, folder)
        startSeconds = server.startSeconds
        MonotonicClock.wait(seconds: 2)
        idleBytes = server.tree.residentBytes
        runs = try (0..<16).map { _ in peer.tracks ? try createRun() : Self.anyRun }
        if peer.tracks { try warmUp() }
        server.pause()
    }

    private static let anyRun = String(repeating: "0", count: Pattern.runIDLength)

    var databasePath: String { programs.databasePath(folder: folder) }

    func stop() { server.stop() }

    /// Gives the peer a new process on the same data, after it was left with work that nobody waits for.
    func restart() throws {
        server.stop()
        server = try Self.start(peer, programs, folder)
        server.pause()
    }

    /// Lets every worker of the peer load what it loads at its first request; new connections reach them all.
    private func warmUp() throws {
        let body = Requests.openSearch(
            in: "0",
            filter: "metrics.loss > 0",
            orderBy: "tags.team ASC",
            most: 10
        )
        for _ in 0..<16 { _ = try server.send(HTTPRequest.post("\(Requests.searchPath)", "\(body)}")) }
    }

    func createRun(in experimentID: String = "0") throws -> String {
        try CreatedRun(server.send(Requests.createRun(in: experimentID))).run.info.runID
    }

    /// Ids of runs that hold nothing yet, as many as are made in a second, dealt to so many clients.
    func makeFreshRuns(forClients clients: Int) throws -> [[String]] {
        guard peer.tracks else { return Array(repeating: [Self.anyRun], count: clients) }
        let start = MonotonicClock.nowNanoseconds
        let connection = Connection(port: server.port, answerSeconds: 60)
        let request = Array(Requests.createRun(in: "0").bytes)
        var dealt = [[String]](repeating: [], count: clients)
        var made = 0
        while made < clients || MonotonicClock.seconds(since: start) < 1 {
            let answer = try request.withUnsafeBytes { try connection.exchange($0, keepsBody: true) }
                .accepted()
            dealt[made % clients].append(try CreatedRun(answer).run.info.runID)
            made += 1
        }
        return dealt
    }

    func createExperiment(named name: String) throws -> String {
        struct Created: Decodable {
            let experimentID: String

            enum CodingKeys: String, CodingKey { case experimentID = "experiment_id" }
        }
        let answer = try server.send(Requests.createExperiment(named: name))
        return try JSONDecoder().decode(Created.self, from: Data(answer.body)).experimentID
    }

    private static func start(_ peer: Peer, _ programs: Programs, _ folder: String) throws -> Server {
        let port = try Server.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try Server(try programs.command(peer, port: port, folder: folder), port: port, folder: folder)
    }
}
