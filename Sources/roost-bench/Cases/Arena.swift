import FoundationEssentials
import Glibc

/// Measures cases on peers that take turns, round by round: what else the machine does hits all alike.
///
/// All servers run; those whose turn it is not are stopped by signal and use no time.
struct Arena {
    let stages: [Stage]
    let clients: ClientGroup
    let rounds: Int
    let seconds: Double
    /// An operation that takes longer is given up.
    let operationSeconds: Double

    func measure(_ this: Case) throws -> Row {
        var row = Row(name: this.name, unit: this.unit.rawValue, largerIsBetter: this.unit.largerIsBetter)
        if this.settlingSeconds > 0 { for stage in stages { try settle(this, stage) } }
        var turns = stages.map { Turn(stage: $0) }
        for round in 0..<rounds {
            for index in turns.indices where turns[index].wants(round) {
                try play(this, round: round, turn: &turns[index])
            }
        }
        for turn in turns {
            let peer = turn.stage.peer.rawValue
            row.cells[peer] = turn.cell(this)
            if turn.isServed { row.cpuSecondsPer1000[peer] = turn.cpuSecondsPer1000 }
            row.slowestHundredthMs[peer] = median(turn.best.map(\.slowestHundredthMs))
        }
        let answering = turns.filter { $0.answersInTime }.map(\.stage)
        if let text = this.countedText { row.note = try disagreement(on: this, counting: text, answering) }
        return row
    }

    /// Asks once and lets the server run on.
    private func settle(_ this: Case, _ stage: Stage) throws {
        guard case .exchange(let request, _, _)? = try this.work(stage, 0).first else { return }
        stage.server.resume()
        defer { stage.server.pause() }
        do {
            _ = try stage.server.send(request, answerSeconds: operationSeconds)
        } catch {
            // It is still at work on what nobody waits for; whether it answers at all is measured.
            return try stage.restart()
        }
        MonotonicClock.wait(seconds: this.settlingSeconds)
    }

    /// What differs if the servers do not answer with as many things.
    private func disagreement(
        on this: Case,
        counting text: String,
        _ stages: [Stage]
    ) throws -> String? {
        let search = ByteSearch(text)
        let counts = try stages.filter(\.peer.tracks).compactMap { stage -> (peer: Peer, count: Int)? in
            guard case .exchange(let request, _, _)? = try this.work(stage, 0).first else { return nil }
            stage.server.resume()
            defer { stage.server.pause() }
            guard let answer = try? stage.server.send(request, answerSeconds: operationSeconds) else {
                return nil
            }
            return (stage.peer, answer.body.withUnsafeBytes { search.count(in: $0) })
        }
        guard Set(counts.map(\.count)).count > 1 else { return nil }
        return "The answers differ in number: "
            + counts.map { "\($0.peer.title) \($0.count)" }.joined(separator: ", ") + "."
    }

    private func play(_ this: Case, round: Int, turn: inout Turn) throws {
        let stage = turn.stage
        if this.operationBytes > 0 { sync() }
        stage.server.resume()
        defer { stage.server.pause() }
        for reuses in turn.connectionModes(round) {
            let part = reuses ? round : round + rounds
            let works = try this.work(stage, part)
            turn.isServed = !works.isEmpty
            guard turn.isServed else { return }
            let workloads = works.map { work in
                var workload = Workload(port: stage.server.port, work: work)
                workload.reusesConnection = reuses
                workload.durationSeconds = this.seconds ?? seconds
                workload.mostOperations = this.mostOperations
                workload.operationSeconds = operationSeconds
                return workload
            }
            let measured = try clients.run(workloads, against: stage.server)
            turn.add(measured, reusesConnection: reuses)
            if measured.gaveUp {
                try stage.restart()
                return
            }
        }
    }
}

/// What one peer showed in a case so far.
private struct Turn {
    let stage: Stage
    var isServed = true
    private var kept: [Measurement] = []
    private var renewed: [Measurement] = []

    init(stage: Stage) {
        self.stage = stage
    }

    /// Another round is wanted unless the last one took very long or failed.
    func wants(_ round: Int) -> Bool {
        guard isServed, let last = (kept + renewed).max(by: { $0.seconds < $1.seconds }) else {
            return isServed
        }
        return !last.gaveUp && last.seconds < 8 && last.operations > 0
    }

    /// On `mlflow server` both ways are tried and the better one stays.
    ///
    /// On kept connections it waits for delayed acknowledgements.
    func connectionModes(_ round: Int) -> [Bool] {
        guard stage.peer == .mlflow else { return [true] }
        return round == 0 ? [true, false] : [isBetterKept]
    }

    var answersInTime: Bool { isServed && !(kept + renewed).contains(where: \.gaveUp) }

    mutating func add(_ measured: Measurement, reusesConnection: Bool) {
        if reusesConnection { kept.append(measured) } else { renewed.append(measured) }
    }

    var isBetterKept: Bool {
        (kept.first?.medianMs ?? .infinity) <= (renewed.first?.medianMs ?? .infinity)
    }

    var best: [Measurement] { isBetterKept ? kept : renewed }

    var cpuSecondsPer1000: Double {
        median(best.filter { $0.operations > 0 }.map { $0.serverCPUSeconds / Double($0.operations) * 1000 })
    }

    func cell(_ this: Case) -> Cell {
        guard isServed else { return .missing("no such thing there") }
        if let late = (kept + renewed).first(where: \.gaveUp), best.allSatisfy({ $0.operations == 0 }) {
            return .givenUp(seconds: late.seconds)
        }
        guard let failure = best.first(where: { $0.operations == 0 }) else {
            let failures = best.reduce(0) { $0 + $1.failures }
            return .value(
                median(best.map { value(of: $0, this) }),
                note: failures > 0
                    ? "\(failures) failed: \(best.compactMap(\.firstFailure).first ?? "")" : nil
            )
        }
        return .missing(failure.firstFailure ?? "no answer")
    }

    private func value(of measured: Measurement, _ this: Case) -> Double {
        switch this.unit {
        case .perSecond: measured.perSecond
        case .milliseconds: measured.medianMs
        case .megabytesPerSecond: Double(this.operationBytes) / 1e6 / (measured.medianMs / 1000)
        }
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1
        ? sorted[sorted.count / 2]
        : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
}
