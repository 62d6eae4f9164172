import FoundationEssentials

/// All that was measured, and its forms.
struct Report: Codable {
    let peers: [Peer]
    var rows: [Row] = []
    /// What the tables of the Git suite are about, clones and pushes, and reads.
    var gitTitle = ""
    var gitRows: [Row] = []
    var readRows: [ReadRow] = []
    private var startSeconds: [String: [Double]] = [:]
    private var idleBytes: [String: [Int]] = [:]
    private var peakBytes: [String: [String: Int]] = [:]

    init(peers: [Peer]) {
        self.peers = peers
    }

    mutating func note(_ stage: Stage, suite: String) {
        let peer = stage.peer.rawValue
        startSeconds[peer, default: []].append(stage.startSeconds)
        idleBytes[peer, default: []].append(stage.idleBytes)
        peakBytes[peer, default: [:]][suite] = stage.server.tree.peakResidentBytes
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The tables in Markdown: the peers, CPU time, the limits, then what was said of single cells.
    func table() -> String {
        var notes = Notes()
        let isTracking = !rows.isEmpty || !startSeconds.isEmpty
        let peerTable = table(
            isTracking ? rows + memoryAndStart : [],
            columns: peers,
            ratiosTo: others,
            notes: &notes
        )
        let cpuTable = table(cpuRows, columns: peers, ratiosTo: others, notes: &notes)
        let limitTable = table(
            limitRows,
            columns: peers.filter { $0 == .roost } + limits,
            ratiosTo: limits,
            notes: &notes
        )
        let parts =
            [("", peerTable), ("CPU seconds of the server per 1 000 operations", cpuTable)]
            + [("Limits of the machine in the same run", limitTable)]
            + [(gitTitle, gitTable(&notes)), ("What is asked of it over HTTP", readTable)]
        return parts.filter { !$0.1.isEmpty }.map { $0.0.isEmpty ? $0.1 : "\($0.0):\n\n\($0.1)" }
            .joined(separator: "\n\n") + notes.text
    }

    private func gitTable(_ notes: inout Notes) -> String {
        let others = [Peer.gitBackend, .checkingGitBackend].filter { peer in
            gitRows.contains { $0.cells[peer.rawValue] != nil }
        }
        return table(gitRows, columns: [.roost] + others, ratiosTo: others, notes: &notes)
    }

    private var readTable: String {
        guard !readRows.isEmpty else { return "" }
        let limit = significant(ReadRow.limitMs)
        return
            ([
                joined(["", "unit", "median", "slowest", "wanted"]),
                joined(["---", "---"] + Array(repeating: "--:", count: 3)),
            ]
            + readRows.map {
                joined([$0.name, "ms", significant($0.medianMs), significant($0.slowestMs), "< \(limit)"])
            }).joined(separator: "\n")
    }

    func line(_ row: Row) -> String {
        var notes = Notes()
        return line(
            row,
            columns: Peer.allCases.filter { row.cells[$0.rawValue] != nil },
            ratiosTo: others,
            notes: &notes
        )
            + notes.text
    }

    private var others: [Peer] { peers.contains(.roost) ? peers.filter { $0 != .roost } : [] }

    private var limits: [Peer] {
        Peer.allCases.filter { peer in !peer.tracks && rows.contains { $0.cells[peer.rawValue] != nil } }
    }

    private var limitRows: [Row] {
        rows.filter { row in limits.contains { row.cells[$0.rawValue] != nil } }
    }

    private var cpuRows: [Row] {
        rows.filter { !$0.cpuSecondsPer1000.isEmpty }.map { measured in
            row(measured.name, "s") { measured.cpuSecondsPer1000[$0] }
        }
    }

    private var memoryAndStart: [Row] {
        [
            row("start to first /health", "s") { median(startSeconds[$0] ?? []) },
            row("memory, idle", "MB") { median((idleBytes[$0] ?? []).map { Double($0) / 1e6 }) },
        ]
            + suites.map { suite in
                row("memory, peak in \(suite)", "MB") { peakBytes[$0]?[suite].map { Double($0) / 1e6 } }
            }
    }

    private var suites: [String] {
        Set(peakBytes.values.flatMap(\.keys)).sorted()
    }

    private func row(_ name: String, _ unit: String, _ value: (String) -> Double?) -> Row {
        var row = Row(name: name, unit: unit, largerIsBetter: false)
        for peer in peers { row.cells[peer.rawValue] = value(peer.rawValue).map { .value($0) } }
        return row
    }

    private func table(_ rows: [Row], columns: [Peer], ratiosTo others: [Peer], notes: inout Notes) -> String
    {
        guard !rows.isEmpty else { return "" }
        let header =
            ["", "unit"] + columns.map(\.title)
            + (columns.contains(.roost) ? others.map { "× \($0.title)" } : [])
        var lines = [joined(header), joined(header.indices.map { $0 < 2 ? "---" : "--:" })]
        for row in rows { lines.append(line(row, columns: columns, ratiosTo: others, notes: &notes)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ row: Row, columns: [Peer], ratiosTo others: [Peer], notes: inout Notes) -> String {
        let cells = columns.map { text(row.cells[$0.rawValue], &notes) }
        let ratios = columns.contains(.roost) ? others.map { ratio(row, to: $0) } : []
        return joined([row.name + (row.note.map { notes.mark($0) } ?? ""), row.unit] + cells + ratios)
    }

    private func text(_ cell: Cell?, _ notes: inout Notes) -> String {
        switch cell {
        case .value(let value, let note): significant(value) + (note.map { notes.mark($0) } ?? "")
        case .givenUp(let seconds): "> \(significant(seconds * 1000))"
        case .missing(let reason): "–" + notes.mark(reason)
        case nil: "–"
        }
    }

    private func ratio(_ row: Row, to peer: Peer) -> String {
        guard case .value(let ours, _) = row.cells[Peer.roost.rawValue] else { return "" }
        switch row.cells[peer.rawValue] {
        case .value(let theirs, _): return significant(row.largerIsBetter ? ours / theirs : theirs / ours)
        case .givenUp(let seconds): return "> " + significant(seconds * 1000 / ours)
        default: return ""
        }
    }

    private func joined(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}

/// Remarks on cells, numbered as they come and listed below the tables.
private struct Notes {
    private var remarks: [String] = []

    mutating func mark(_ remark: String) -> String {
        let index = remarks.firstIndex(of: remark) ?? remarks.count
        if index == remarks.count { remarks.append(remark) }
        return " [\(index + 1)]"
    }

    var text: String {
        remarks.enumerated().map { "\n\n[\($0 + 1)] \($1)" }.joined()
    }
}

/// Three digits that say something.
func significant(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "\(value)" }
    var places = 0
    var scaled = value
    while scaled < 100, places < 4 {
        scaled *= 10
        places += 1
    }
    let whole = Int(scaled.rounded())
    guard places > 0 else { return String(whole) }
    let digits = String(repeating: "0", count: max(0, places + 1 - String(whole).count)) + String(whole)
    return "\(digits.dropLast(places)).\(digits.suffix(places))"
}
