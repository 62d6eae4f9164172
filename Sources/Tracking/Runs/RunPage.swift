import Core

/// Runs as they were read together: rows one after the other, values as bytes, names once.
///
/// A page of runs has thousands of values, which are mostly only passed on; a string of its own for each would cost more
/// than reading it.
final class RunPage: Sendable {
    let infos: [RunInfo]
    let names: [String]
    let metrics: RunRows<MetricRow>
    let params: PairRows
    let tags: PairRows
    /// What few runs have, by the place of the run.
    let datasets: [Int: [DatasetInput]]
    let modelInputs: [Int: [String]]
    let modelOutputs: [Int: [ModelOutput]]

    init(
        infos: [RunInfo],
        names: [String],
        metrics: RunRows<MetricRow>,
        params: PairRows,
        tags: PairRows,
        datasets: [Int: [DatasetInput]] = [:],
        modelInputs: [Int: [String]] = [:],
        modelOutputs: [Int: [ModelOutput]] = [:]
    ) {
        self.infos = infos
        self.names = names
        self.metrics = metrics
        self.params = params
        self.tags = tags
        self.datasets = datasets
        self.modelInputs = modelInputs
        self.modelOutputs = modelOutputs
    }

    var runs: [Run] { infos.indices.map { Run(page: self, place: $0) } }
}

extension Run {
    /// A run of which nothing but tags was logged.
    init(info: RunInfo, tags: [Tag]) {
        var rows = PairRows(runCount: 1)
        for (name, tag) in tags.enumerated() {
            var value = tag.value
            value.withUTF8 { rows.append($0, name: name, of: 0) }
        }
        self.init(
            page: RunPage(
                infos: [info],
                names: tags.map(\.key),
                metrics: RunRows(runCount: 1),
                params: PairRows(runCount: 1),
                tags: rows
            ),
            place: 0
        )
    }
}

/// Rows that belong to runs, those of a run beside each other.
struct RunRows<Element: Sendable>: Sendable {
    private(set) var elements: [Element] = []
    /// Where the rows of each run begin and end.
    private var ranges: [Range<Int>]

    init(runCount: Int) {
        ranges = Array(repeating: 0..<0, count: runCount)
    }

    subscript(run: Int) -> ArraySlice<Element> { elements[ranges[run]] }

    mutating func append(_ element: Element, of run: Int) {
        let end = elements.count
        elements.append(element)
        ranges[run] = (ranges[run].isEmpty ? end : ranges[run].lowerBound)..<(end + 1)
    }
}

/// The latest point of a metric, whose name stands at a place of the page's names.
package struct MetricRow: Sendable {
    package let name: Int
    package let value: Double
    package let timestamp: Int64
    package let step: Int64
}

/// Params or tags of runs: names by their place in the page's names, values as UTF-8.
struct PairRows: Sendable {
    struct Pair {
        let name: Int
        let bytes: Range<Int>
    }

    private var rows: RunRows<Pair>
    private var text: [UInt8] = []

    init(runCount: Int) {
        rows = RunRows(runCount: runCount)
    }

    mutating func append(_ value: UnsafeBufferPointer<UInt8>, name: Int, of run: Int) {
        let start = text.count
        text.append(contentsOf: value)
        rows.append(Pair(name: name, bytes: start..<text.count), of: run)
    }

    func isEmpty(of run: Int) -> Bool { rows[run].isEmpty }

    /// Calls `body` with each name's place and value of a run.
    func forEach(of run: Int, _ body: (Int, UnsafeRawBufferPointer) throws -> Void) rethrows {
        try text.withUnsafeBytes { text in
            for pair in rows[run] { try body(pair.name, UnsafeRawBufferPointer(rebasing: text[pair.bytes])) }
        }
    }
}
