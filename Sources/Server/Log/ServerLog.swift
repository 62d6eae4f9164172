import API
import Core
import HTTP
import HTTPTypes
import Logging

/// The log of a server: what its parts say, and a line for each request.
struct ServerLog: Sendable {
    let output: LogOutput
    let level: Logger.Level
    let format: Settings.LogFormat
    let clock: Clock

    init(_ settings: Settings, output: LogOutput = LogOutput(), clock: Clock = .system) {
        self.output = output
        self.clock = clock
        level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        format = settings.logFormat
    }

    var logger: Logger {
        Logger(label: "roost") { _ in Handler(log: self, logLevel: level) }
    }

    /// Takes the lines of requests; nil where the level leaves them out.
    var requests: (@Sendable (RequestLine) -> Void)? {
        guard level <= .info else { return nil }
        return { line in
            var fields: [(key: String, value: JSON)] = [
                ("method", .string(line.method.rawValue)), ("path", .string(line.path)),
                ("status", .integer(Int64(line.status))), ("ms", .number(line.duration.milliseconds)),
            ]
            if let bytes = line.bytes { fields.append(("bytes", .integer(Int64(bytes)))) }
            fields.append(("request", .string(line.requestID)))
            write(.info, "request", fields)
        }
    }

    fileprivate func write(_ level: Logger.Level, _ message: String, _ fields: [(key: String, value: JSON)]) {
        let line = LogLine(nowMs: clock.nowMs(), level: level.rawValue, message: message, fields: fields)
        output.append(line.bytes(format))
    }
}

private struct Handler: LogHandler {
    let log: ServerLog
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(log: ServerLog, logLevel: Logger.Level) {
        self.log = log
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let fields = all.sorted { $0.key < $1.key }.map { key, value in
            (key: key == "hb.request.id" ? "request" : key, value: JSON.string("\(value)"))
        }
        log.write(event.level, "\(event.message)", fields)
    }
}

extension Duration {
    /// With three digits behind the point.
    fileprivate var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1_000
    }
}
