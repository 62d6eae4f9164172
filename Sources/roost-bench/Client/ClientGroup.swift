import FoundationEssentials

/// Several clients at the same time, each a process of its own.
struct ClientGroup {
    let folder: String
    /// This program.
    let program: String

    /// Runs one client per workload, all from the same moment on.
    func run(_ workloads: [Workload], against server: Server?) throws -> Measurement {
        let start = MonotonicClock.nowNanoseconds + 150_000_000 + UInt64(workloads.count) * 10_000_000
        var clients: [(process: ChildProcess, result: String)] = []
        for (index, workload) in workloads.enumerated() {
            var timed = workload
            timed.startNanoseconds = start
            let file = "\(folder)/client-\(index)"
            try JSONEncoder().encode(timed).write(to: URL(filePath: file + ".json"))
            let process = try ChildProcess(
                program,
                ["client", file + ".json", file + ".result"],
                in: folder,
                log: file + ".log"
            )
            clients.append((process, file))
        }
        MonotonicClock.wait(until: start)
        let cpuBefore = server?.tree.cpuSeconds ?? 0
        var results: [ClientResult] = []
        for client in clients {
            guard client.process.wait() == 0 else {
                throw BenchFailure("a client failed; see \(client.result).log")
            }
            let contents = try Data(contentsOf: URL(filePath: client.result + ".result"))
            results.append(try JSONDecoder().decode(ClientResult.self, from: contents))
        }
        let cpu = (server?.tree.cpuSeconds ?? 0) - cpuBefore
        return Measurement(results, startNanoseconds: start, serverCPUSeconds: cpu)
    }
}

/// What a group of clients saw in one round.
struct Measurement {
    let operations: Int
    let seconds: Double
    let medianMs: Double
    let slowestHundredthMs: Double
    let bytes: Int
    let failures: Int
    let firstFailure: String?
    let gaveUp: Bool
    let serverCPUSeconds: Double
    let clientCPUSeconds: Double

    init(_ results: [ClientResult], startNanoseconds: UInt64, serverCPUSeconds: Double) {
        let latencies = results.flatMap(\.latenciesNanoseconds).sorted().map { Double($0) / 1e6 }
        let end = results.map(\.endNanoseconds).max() ?? startNanoseconds
        operations = latencies.count
        seconds = Double(end - startNanoseconds) / 1e9
        medianMs = latencies.isEmpty ? 0 : latencies[latencies.count / 2]
        slowestHundredthMs = latencies.isEmpty ? 0 : latencies[latencies.count * 99 / 100]
        bytes = results.reduce(0) { $0 + $1.bytesReceived }
        failures = results.reduce(0) { $0 + $1.failures }
        firstFailure = results.compactMap(\.firstFailure).first
        gaveUp = results.contains(where: \.gaveUp)
        clientCPUSeconds = results.reduce(0) { $0 + $1.clientCPUSeconds }
        self.serverCPUSeconds = serverCPUSeconds
    }

    var perSecond: Double { Double(operations) / seconds }
}
