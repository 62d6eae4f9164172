import Core

/// What was counted of a route.
struct RouteCount: Sendable, Equatable {
    /// Its method and its pattern.
    let name: String
    private(set) var count = 0
    /// Answered with a status of 4xx.
    private(set) var refused = 0
    /// Answered with a status of 5xx.
    private(set) var failed = 0
    private(set) var seconds = 0.0

    init(name: String) { self.name = name }

    /// How long a request took in the mean: `1.2 ms`.
    var meanText: String {
        guard count > 0 else { return "–" }
        return "\((seconds / Double(count) * 10_000).rounded() / 10) ms"
    }

    var json: JSON {
        [
            "route": .string(name), "requests": .integer(Int64(count)), "refused": .integer(Int64(refused)),
            "failed": .integer(Int64(failed)), "seconds": .number(seconds),
        ]
    }

    /// The routes in Prometheus' text, the most asked first.
    static func all(in text: String) -> [RouteCount] {
        var routes: [String: RouteCount] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("roost_http_request") {
            guard let open = line.firstIndex(of: "{"), let close = line.lastIndex(of: "}"),
                let value = Double(line[line.index(close, offsetBy: 2)...])
            else { continue }
            let labels = labels(line[line.index(after: open)..<close])
            let name = "\(labels["method"] ?? "") \(labels["route"] ?? "")"
            routes[name, default: RouteCount(name: name)].add(line[..<open], labels["status"], value)
        }
        return routes.values.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    private mutating func add(_ series: Substring, _ status: String?, _ value: Double) {
        switch series {
        case "roost_http_requests_total":
            count += Int(value)
            if status == "4xx" { refused += Int(value) }
            if status == "5xx" { failed += Int(value) }
        case "roost_http_request_seconds_sum": seconds += value
        default: break
        }
    }

    /// Labels are the program's own words; none has a quote or a comma.
    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            labels[String(parts[0])] = parts[1].filter { $0 != "\"" }
        }
        return labels
    }
}
