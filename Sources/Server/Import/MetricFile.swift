import Core
import Foundation
import NIOCore
import Tracking

/// The history of a metric in MLflow's file store: a line to a point, of any length in little memory.
struct MetricFile {
    let path: String
    let key: String

    private static let pointsPerPage = 20_000

    func forEachPage(_ body: ([Metric]) async throws -> Void, malformed: (String) -> Void) async throws {
        var page: [Metric] = []
        var rest: [UInt8] = []
        for try await piece in LocalFile(path: path) {
            rest += Array(buffer: piece)
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            read(rest[..<end], into: &page, malformed)
            rest.removeFirst(end + 1)
            if page.count >= Self.pointsPerPage {
                try await body(page)
                page = []
            }
        }
        read(rest[...], into: &page, malformed)
        if !page.isEmpty { try await body(page) }
    }

    private func read(_ lines: ArraySlice<UInt8>, into page: inout [Metric], _ malformed: (String) -> Void) {
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            if let point = MetricLine(runLine: text[...], key: key) {
                page.append(point.metric)
            } else {
                malformed(text)
            }
        }
    }
}

/// One line: time, value, step, and since MLflow 3 the dataset; for a model the run stands before it.
struct MetricLine {
    let metric: Metric
    let runID: String?

    init?(runLine line: Substring, key: String) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\r" })
        guard [2, 3, 5].contains(words.count) else { return nil }
        self.init(words, key: key, runID: nil, dataset: words.dropFirst(3))
    }

    init?(modelLine line: Substring, key: String) {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\r" })
        guard [4, 6].contains(words.count) else { return nil }
        self.init(words, key: key, runID: String(words[3]), dataset: words.dropFirst(4))
    }

    private init?(_ words: [Substring], key: String, runID: String?, dataset: ArraySlice<Substring>) {
        guard let timestamp = Int64(words[0]), let value = Double(words[1]),
            let step = words.count > 2 ? Int64(words[2]) : 0
        else { return nil }
        metric = Metric(
            key: key,
            value: value,
            timestamp: timestamp,
            step: step,
            datasetName: dataset.first.map(String.init),
            datasetDigest: dataset.dropFirst().first.map(String.init)
        )
        self.runID = runID
    }
}
