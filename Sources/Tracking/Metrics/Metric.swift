/// One point of a metric.
package struct Metric: Sendable, Hashable {
    package let key: String
    package let value: Double
    /// Epoch milliseconds.
    package let timestamp: Int64
    package let step: Int64
    /// The logged model that the point is also about.
    package let modelID: String?
    package let datasetName: String?
    package let datasetDigest: String?

    package init(
        key: String,
        value: Double,
        timestamp: Int64,
        step: Int64,
        modelID: String? = nil,
        datasetName: String? = nil,
        datasetDigest: String? = nil
    ) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step
        self.modelID = modelID
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }

    /// The value as it is stored: a number in any case, with NaN told beside it.
    ///
    /// Infinities become the largest numbers, as in MLflow (`SqlAlchemyStore.sanitize_metric_value`).
    var stored: (value: Double, isNaN: Bool) {
        if value.isNaN { return (0, true) }
        if value.isInfinite {
            return (value > 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude, false)
        }
        return (value, false)
    }
}
