import FoundationEssentials

/// Files up and down, small and large, and a long listing.
struct ArtifactCases {
    let largeBytes: Int
    let listed: Int

    private static let smallFiles = 500

    func all() -> [Case] {
        [1, 16].flatMap { [smallUp(clients: $0), smallDown(clients: $0)] }
            + [largeUp(syncs: false), largeUp(syncs: true), largeDown, listing]
    }

    private func smallUp(clients: Int) -> Case {
        Case(
            name: "\(Self.smallFiles) files of 1 KB up, \(clients.clients)",
            unit: .perSecond,
            seconds: 120,
            mostOperations: Self.smallFiles / clients
        ) { stage, round in
            guard stage.peer != .fml else { return [] }
            return (0..<clients).map { client in
                let place = "up\(clients)-\(round)-\(client)"
                return .exchange(HTTPRequest.put(path(stage, "\(place)/\(.path)"), small(place)))
            }
        }
    }

    /// A body of 1 000 bytes like no other.
    private func small(_ place: String) -> Pattern {
        let start: Pattern = "\(place) \(.path) "
        return start + "\(String(repeating: "x", count: 1000 - start.bytes.count))"
    }

    private func smallDown(clients: Int) -> Case {
        let share = Self.smallFiles / clients
        return Case(
            name: "\(Self.smallFiles) files of 1 KB down, \(clients.clients)",
            unit: .perSecond,
            seconds: 120,
            mostOperations: share
        ) { stage, _ in
            (0..<clients).map {
                .exchange(HTTPRequest.get(download(stage, "small/\(.path)")), first: $0 * share)
            }
        }
    }

    private func largeUp(syncs: Bool) -> Case {
        Case(
            name: "1 file of \(grouped(largeBytes / 1_000_000)) MB up\(syncs ? ", synced to disk" : "")",
            unit: .megabytesPerSecond,
            seconds: 0,
            operationBytes: largeBytes
        ) { stage, round in
            guard stage.peer != .fml else { return [] }
            let name = "large\(syncs)-\(round)"
            let head = HTTPRequest.putHead(path(stage, "\(name)"), sizeBytes: largeBytes)
            // Roost answers after it has synced.
            let file = syncs && stage.peer != .roost ? "\(files(stage))/\(name)" : nil
            return [.upload(head: head, sizeBytes: largeBytes, syncing: file)]
        }
    }

    private var largeDown: Case {
        Case(
            name: "1 file of \(grouped(largeBytes / 1_000_000)) MB down",
            unit: .megabytesPerSecond,
            seconds: 0,
            operationBytes: largeBytes
        ) { stage, _ in
            [.exchange(HTTPRequest.get(download(stage, "large")))]
        }
    }

    private var listing: Case {
        Case(name: "listing of \(grouped(listed)) files", unit: .milliseconds, countedText: "\"path\"") {
            stage,
            _ in
            guard stage.peer.tracks else { return [.exchange(HTTPRequest.get(path(stage, "many/")))] }
            return [.exchange(Requests.artifacts(of: stage.runs[0], path: "many"))]
        }
    }

    /// What the other cases read: on the disk where the peer keeps plain files, over its API at Roost.
    func fill(_ stage: Stage, clients: ClientGroup) throws {
        stage.server.resume()
        defer { stage.server.pause() }
        guard stage.peer == .roost else { return try writeFiles(files(stage)) }
        try put(Self.smallFiles, "small", stage, clients)
        try put(listed, "many", stage, clients)
        let head = HTTPRequest.putHead(path(stage, "large"), sizeBytes: largeBytes)
        try once(.upload(head: head, sizeBytes: largeBytes), stage, clients)
    }

    private func put(_ count: Int, _ folder: String, _ stage: Stage, _ clients: ClientGroup) throws {
        let share = (count + 15) / 16
        let workloads = (0..<16).map { client in
            let put = HTTPRequest.put(path(stage, "\(folder)/\(.path)"), small(folder))
            var workload = Workload(port: stage.server.port, work: .exchange(put, first: client * share))
            workload.durationSeconds = 3600
            workload.mostOperations = max(0, min(share, count - client * share))
            return workload
        }
        let done = try clients.run(workloads, against: stage.server)
        guard done.operations == count else { throw BenchFailure("no files: \(done.firstFailure ?? "")") }
    }

    private func once(_ work: Work, _ stage: Stage, _ clients: ClientGroup) throws {
        let workload = Workload(
            port: stage.server.port,
            durationSeconds: 0,
            operationSeconds: 600,
            work: work
        )
        let done = try clients.run([workload], against: stage.server)
        guard done.operations == 1 else { throw BenchFailure("no file: \(done.firstFailure ?? "")") }
    }

    private func writeFiles(_ folder: String) throws {
        for (name, count) in [("small", Self.smallFiles), ("many", listed)] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true
            )
            let content = Data(repeating: UInt8(ascii: "x"), count: 1000)
            for number in 0..<count {
                let digits = String(number + 100_000_000).dropFirst()
                try content.write(to: URL(filePath: "\(folder)/\(name)/\(digits)"))
            }
        }
        try Data(repeating: 7, count: largeBytes).write(to: URL(filePath: "\(folder)/large"))
    }

    private func files(_ stage: Stage) -> String {
        stage.folder + "/artifacts" + place(stage)
    }

    private func place(_ stage: Stage) -> String {
        stage.peer.tracks ? "/0/\(stage.runs[0])/artifacts" : ""
    }

    private func path(_ stage: Stage, _ name: Pattern) -> Pattern {
        let api = stage.peer.tracks ? "/api/2.0/mlflow-artifacts/artifacts" : ""
        return "\(api)\(place(stage))/" + name
    }

    /// FastTrackML has no proxy; it gives out files of a run by the route of MLflow's web UI.
    private func download(_ stage: Stage, _ name: Pattern) -> Pattern {
        guard stage.peer == .fml else { return path(stage, name) }
        return "/api/2.0/mlflow/artifacts/get?run_uuid=\(stage.runs[0])&run_id=\(stage.runs[0])&path=" + name
    }
}
