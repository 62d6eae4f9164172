import FoundationEssentials
import Glibc

/// The Markdown file that keeps the last tables, with the machine they were made on.
struct Document {
    let path: String

    private static let start = "<!-- tables: written by make bench -->"
    private static let end = "<!-- end of tables -->"

    func replace(with tables: String) throws {
        let (before, after) = try parts()
        let whole = before + Self.start + "\n\n" + machine + "\n\n" + tables + "\n\n" + Self.end + after
        try Data(whole.utf8).write(to: URL(filePath: path))
    }

    /// Throws where the file cannot be read or has no place for the tables.
    func check() throws { _ = try parts() }

    private func parts() throws -> (before: String, after: String) {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw BenchFailure("\(path) cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self)
        let before = text.components(separatedBy: Self.start)
        let after = text.components(separatedBy: Self.end)
        guard before.count == 2, after.count == 2 else {
            throw BenchFailure("\(path) lacks the marks for the tables")
        }
        return (before[0], after[1])
    }

    private var machine: String {
        let processor = contents("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        let model =
            processor?.split(separator: ":").last.map { $0.filter { $0 != "\t" } } ?? "unknown processor"
        let kernel = contents("/proc/sys/kernel/osrelease").filter { $0 != "\n" }
        let day = Date.now.formatted(.iso8601.year().month().day())
        return
            "Measured on \(day): \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores of\(model), Linux \(kernel)."
    }

    private func contents(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}
