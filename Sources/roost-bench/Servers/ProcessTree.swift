import FoundationEssentials
import Glibc

/// A process and all that descend from it, as `/proc` shows them at this moment.
struct ProcessTree {
    let ids: [pid_t]

    init(of root: pid_t) {
        var children: [pid_t: [pid_t]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let id = pid_t(name), let parent = Self.fields(of: id)?.parent else { continue }
            children[parent, default: []].append(id)
        }
        var found = [root]
        var next = 0
        while next < found.count {
            found += children[found[next]] ?? []
            next += 1
        }
        ids = found
    }

    func signal(_ signal: Int32) {
        for id in ids { kill(id, signal) }
    }

    /// User and system time of all, with that of children that have ended.
    var cpuSeconds: Double {
        Double(ids.compactMap { Self.fields(of: $0)?.ticks }.reduce(0, +))
            / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    var residentBytes: Int { ids.reduce(0) { $0 + Self.status(of: $1, "VmRSS:") } }

    /// The sum of each process's own peak.
    var peakResidentBytes: Int { ids.reduce(0) { $0 + Self.status(of: $1, "VmHWM:") } }

    private static func fields(of id: pid_t) -> (parent: pid_t, ticks: Int)? {
        // The second field is the program's name in brackets and may hold spaces.
        guard let line = contents("/proc/\(id)/stat"), let bracket = line.lastIndex(of: ")") else {
            return nil
        }
        let rest = line[bracket...].split(separator: " ").dropFirst()
        let numbers = rest.dropFirst().map { Int($0) ?? 0 }
        guard numbers.count > 14 else { return nil }
        return (pid_t(numbers[0]), numbers[10...13].reduce(0, +))
    }

    private static func status(of id: pid_t, _ name: String) -> Int {
        let line = contents("/proc/\(id)/status")?.split(separator: "\n").first { $0.hasPrefix(name) }
        return
            (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
            ?? 0) * 1024
    }

    /// Text of a file of `/proc`, whose size is not known before it is read; nil if the process has gone.
    private static func contents(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
