import FoundationEssentials

/// What the kernel knows of this process, under the names that Prometheus' dashboards have for it.
enum ProcessMeasures {
    static var text: String {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
        var result = ""
        if let kilobytes = number(of: "VmRSS:", in: status) {
            result += gauge("process_resident_memory_bytes", kilobytes * 1_024)
        }
        if let threads = number(of: "Threads:", in: status) { result += gauge("process_threads", threads) }
        if let descriptors { result += gauge("process_open_fds", descriptors) }
        return result
    }

    private static func gauge(_ name: String, _ value: Int) -> String {
        "# TYPE \(name) gauge\n\(name) \(value)\n"
    }

    private static func number(of field: String, in status: String) -> Int? {
        status.split(separator: "\n").first { $0.hasPrefix(field) }?
            .split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }
}
