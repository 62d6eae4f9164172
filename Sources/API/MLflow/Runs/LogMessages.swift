import Core
import NIOCore
import Tracking

/// One point for `log-metric`.
///
/// - Source: `service.proto`, message `LogMetric`.
enum LogMetricMessage {
    static func read(_ message: Message) throws -> (runID: String, metric: Metric) {
        let id = try message.requiredRunID()
        let key = try message.requiredString("key")
        let value = try message.requiredDouble("value")
        let timestamp = try message.requiredInteger("timestamp")
        let metric = Metric(
            key: key,
            value: value,
            timestamp: timestamp,
            step: try message.integer("step") ?? 0,
            modelID: try message.nonEmptyString("model_id"),
            datasetName: try message.nonEmptyString("dataset_name"),
            datasetDigest: try message.nonEmptyString("dataset_digest")
        )
        guard (metric.datasetName == nil) == (metric.datasetDigest == nil) else {
            throw Failure.invalid("Both dataset_name and dataset_digest must be provided if one is provided")
        }
        return (id, metric)
    }
}

/// What `log-batch` is sent, decoded by hand: it is the request of which there are most.
///
/// A body that is not of the usual shape is read again as a `Message`, which says what is wrong with it.
///
/// - Source: `service.proto`, message `LogBatch`.
struct LogBatchMessage {
    private(set) var runID = ""
    private var metrics: [Metric] = []
    private var params: [Param] = []
    private var tags: [Tag] = []

    init(_ body: ByteBuffer) throws {
        let isRead = body.withUnsafeReadableBytes { bytes in
            var reader = JSONReader(bytes)
            do {
                try read(&reader)
                return true
            } catch {
                return false
            }
        }
        if !isRead || runID.isEmpty { self = try LogBatchMessage(Message(body: body)) }
    }

    func batch() throws -> Batch {
        try RunID.check(runID)
        return try Batch(metrics: metrics, params: params, tags: tags)
    }

    /// The logged models that points are also about.
    var modelIDs: [String] { metrics.compactMap(\.modelID) }

    private init(_ message: Message) throws {
        runID =
            try message.has("run_uuid") ? message.string("run_id") ?? "" : message.requiredString("run_id")
        metrics = try message.messages("metrics").map { point in
            Metric(
                key: try point.requiredString("key"),
                value: try point.requiredDouble("value"),
                timestamp: try point.requiredInteger("timestamp"),
                step: try point.integer("step") ?? 0,
                modelID: try point.nonEmptyString("model_id"),
                datasetName: try point.nonEmptyString("dataset_name"),
                datasetDigest: try point.nonEmptyString("dataset_digest")
            )
        }
        params = try message.messages("params").map {
            Param(key: try $0.requiredString("key"), value: try $0.string("value") ?? "")
        }
        tags = try message.messages("tags").map {
            Tag(key: try $0.requiredString("key"), value: try $0.string("value") ?? "")
        }
    }

    /// A shape that the quick way does not read.
    private struct Unusual: Error {}

    private mutating func read(_ reader: inout JSONReader) throws {
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "run_id": runID = try reader.string()
            case "metrics":
                try reader.enterArray()
                while try reader.nextElement() { metrics.append(try Self.metric(&reader)) }
            case "params":
                try reader.enterArray()
                while try reader.nextElement() {
                    let (key, value) = try Self.pair(&reader)
                    params.append(Param(key: key, value: value))
                }
            case "tags":
                try reader.enterArray()
                while try reader.nextElement() {
                    let (key, value) = try Self.pair(&reader)
                    tags.append(Tag(key: key, value: value))
                }
            default: throw Unusual()
            }
        }
        try reader.finish()
    }

    private static func metric(_ reader: inout JSONReader) throws -> Metric {
        var name: String?
        var value: Double?
        var timestamp: Int64?
        var step: Int64 = 0
        var links: (model: String?, dataset: String?, digest: String?)
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "key": name = try reader.string()
            case "value": value = try reader.number().double
            case "timestamp": timestamp = try integer(&reader)
            case "step": step = try integer(&reader)
            case "model_id": links.model = try reader.string()
            case "dataset_name": links.dataset = try reader.string()
            case "dataset_digest": links.digest = try reader.string()
            case "run_id": try reader.skip()
            default: throw Unusual()
            }
        }
        guard let name, !name.isEmpty, let value, let timestamp else { throw Unusual() }
        return Metric(
            key: name,
            value: value,
            timestamp: timestamp,
            step: step,
            modelID: links.model.said,
            datasetName: links.dataset.said,
            datasetDigest: links.digest.said
        )
    }

    private static func integer(_ reader: inout JSONReader) throws -> Int64 {
        guard case .integer(let value) = try reader.number() else { throw Unusual() }
        return value
    }

    private static func pair(_ reader: inout JSONReader) throws -> (String, String) {
        var name: String?
        var value = ""
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "key": name = try reader.string()
            case "value": value = try reader.string()
            default: throw Unusual()
            }
        }
        guard let name, !name.isEmpty else { throw Unusual() }
        return (name, value)
    }
}

extension String? {
    /// The string where it says something.
    fileprivate var said: String? { self?.isEmpty == true ? nil : self }
}
