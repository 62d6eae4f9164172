package import Core

/// What is logged to a run at once; its initialiser is the validation.
package struct Batch: Sendable {
    let metrics: [Metric]
    let params: [Param]
    let tags: [Tag]

    package static let metricLimit = 1_000
    package static let paramLimit = 100
    package static let tagLimit = 100
    package static let totalLimit = 1_000

    /// Checks in the order of the original, so that the same mistake is told first.
    ///
    /// Values of params and tags that are longer than MLflow keeps are cut, as its server does.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words, naming the place in the request.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.log_batch`.
    package init(metrics: [Metric], params: [Param], tags: [Tag]) throws {
        for (index, metric) in metrics.enumerated() { try Self.check(metric, at: "metrics[\(index)].") }
        self.params = try params.enumerated().map { try Self.checked($1, at: "params[\($0)].") }
        self.tags = try tags.enumerated().map { try Self.checked($1, at: "tags[\($0)].") }
        self.metrics = metrics
        try Self.checkCount(metrics.count, limit: Self.metricLimit, of: "metrics")
        try Self.checkCount(params.count, limit: Self.paramLimit, of: "params")
        try Self.checkCount(tags.count, limit: Self.tagLimit, of: "tags")
        try Self.checkCount(
            metrics.count + params.count + tags.count,
            limit: Self.totalLimit,
            of: "metrics, params, and tags"
        )
        try Self.checkUnique(params)
    }

    /// One point, as `log-metric` takes it.
    package init(metric: Metric) throws {
        try Self.check(metric, at: "")
        metrics = [metric]
        params = []
        tags = []
    }

    /// One param, as `log-parameter` takes it.
    package init(param: Param) throws {
        metrics = []
        params = [try Self.checked(param, at: "")]
        tags = []
    }

    /// One tag, as `set-tag` takes it.
    package init(tag: Tag) throws {
        metrics = []
        params = []
        tags = [try Self.checked(tag, at: "")]
    }

    /// Whether some param or tag is too long for an index.
    var hasLongValues: Bool {
        params.contains { SortedNames.isLong($0.value) } || tags.contains { SortedNames.isLong($0.value) }
    }

    private static func check(_ metric: Metric, at path: String) throws(Failure) {
        guard (metric.datasetName == nil) == (metric.datasetDigest == nil) else {
            throw .invalid("Both dataset_name and dataset_digest must be provided if one is provided")
        }
        try NameRules.checkName(metric.key, path: path + "name")
        guard metric.timestamp >= 0 else {
            throw .invalid(
                "Invalid value \(metric.timestamp) for parameter '\(path)timestamp' supplied: metric '\(metric.key)' "
                    + "(value=\(metric.value)). Timestamp must be a nonnegative long (64-bit integer) "
            )
        }
        try NameRules.checkLength(metric.key, limit: NameRules.keyLimit, of: "Metric name")
    }

    private static func checked(_ param: Param, at path: String) throws(Failure) -> Param {
        try NameRules.checkName(param.key, path: path + "key")
        try NameRules.checkLength(param.key, limit: NameRules.keyLimit, of: "Param key")
        return Param(
            key: param.key,
            value: NameRules.truncated(param.value, limit: NameRules.paramValueLimit)
        )
    }

    private static func checked(_ tag: Tag, at path: String) throws(Failure) -> Tag {
        try NameRules.checkName(tag.key, path: path + "key")
        try NameRules.checkLength(tag.key, limit: NameRules.keyLimit, of: path + "key")
        return Tag(key: tag.key, value: NameRules.truncated(tag.value, limit: NameRules.tagValueLimit))
    }

    private static func checkCount(_ count: Int, limit: Int, of what: String) throws(Failure) {
        guard count <= limit else {
            throw .invalid(
                "A batch logging request can contain at most \(limit) \(what). Got \(count) \(what). "
                    + "Please split up \(what) across multiple requests and try again."
            )
        }
    }

    private static func checkUnique(_ params: [Param]) throws(Failure) {
        guard params.count > 1 else { return }
        var seen: Set<ExactText> = []
        let repeated = params.map(\.key).filter { !seen.insert(ExactText($0)).inserted }
        guard repeated.isEmpty else {
            let list = repeated.map { "'\($0)'" }.joined(separator: ", ")
            throw .invalid(
                "Duplicate parameter keys have been submitted: [\(list)]. Please ensure "
                    + "the request contains only one param value per param key."
            )
        }
    }
}
