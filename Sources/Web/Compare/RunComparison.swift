import Core
import Tracking

/// Runs side by side: what of them differs, and what does not.
struct RunComparison {
    /// A run as it is compared.
    struct Column {
        let id: String
        let name: String
        let experiment: Int64
        let status: String
        let startMs: Int64
        let endMs: Int64?
        let params: [String: ComparedText]
        let metrics: [String: Double]
        let tags: [String: ComparedText]
    }

    /// One word about each run; nil where a run has none.
    struct Row<Value: Equatable> {
        let name: String
        let values: [Value?]

        var isVaried: Bool { values.contains { $0 != values[0] } }
    }

    let columns: [Column]
    /// The place of the run that the others are held against.
    let baseline: Int

    /// - Parameters:
    ///   - columns: The runs, one at least.
    ///   - baseline: The id of the run that the others are held against; the first where it is none of them.
    init(_ columns: [Column], baseline: String?) {
        self.columns = columns
        self.baseline = columns.firstIndex { $0.id == baseline } ?? 0
    }

    var params: [Row<ComparedText>] { rows(\.params) { _ in true } }
    /// By the number that is stored, so that NaN equals NaN.
    var metrics: [Row<ComparedMetric>] {
        names(\.metrics) { _ in true }.map { name in
            Row(name: name, values: columns.map { $0.metrics[name].map(ComparedMetric.init) })
        }
    }
    /// Those that people wrote; what MLflow notes is among the attributes.
    var tags: [Row<ComparedText>] { rows(\.tags) { !$0.hasPrefix("mlflow.") } }

    /// What MLflow notes of a run under a tag.
    func noted(_ tag: String, as name: String) -> Row<ComparedText> {
        Row(name: name, values: columns.map { $0.tags[tag] })
    }

    private func rows(
        _ words: (Column) -> [String: ComparedText],
        where isWanted: (String) -> Bool
    ) -> [Row<ComparedText>] {
        names(words, where: isWanted).map { name in
            Row(name: name, values: columns.map { words($0)[name] })
        }
    }

    private func names<Value>(
        _ words: (Column) -> [String: Value],
        where isWanted: (String) -> Bool
    ) -> [String] {
        Set(columns.flatMap { words($0).keys }).filter(isWanted).sorted()
    }
}

extension RunComparison.Column {
    init(_ run: Run) {
        id = run.info.id
        name = run.info.shownName.text
        experiment = run.info.experimentID
        status = run.info.status.word
        startMs = run.info.startTime
        endMs = run.info.endTime
        params = Dictionary(run.params.map { ($0.key, ComparedText($0.value)) }, uniquingKeysWith: { $1 })
        metrics = Dictionary(run.metrics.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        tags = Dictionary(run.tags.map { ($0.key, ComparedText($0.value)) }, uniquingKeysWith: { $1 })
    }
}
