import FoundationEssentials
import Glibc

/// A running server with its folder, its port and its process tree.
final class Server {
    let port: UInt16
    let folder: String
    /// From the start of the program to the first good answer.
    let startSeconds: Double
    private let process: ChildProcess

    /// Starts the program and waits until `path` is answered.
    init(
        _ command: (program: String, arguments: [String]),
        port: UInt16,
        folder: String,
        answers path: String = "/health"
    ) throws {
        self.port = port
        self.folder = folder
        let start = MonotonicClock.nowNanoseconds
        let process = try ChildProcess(
            command.program,
            command.arguments,
            // No server may spend the measured time on calls to the outside.
            environment: ["MLFLOW_DISABLE_TELEMETRY": "true"],
            in: folder,
            log: folder + "/server.log"
        )
        self.process = process
        let probe = Connection(port: port, answerSeconds: 10)
        let request = Array(HTTPRequest.get("\(path)").bytes)
        while true {
            let answer = try? request.withUnsafeBytes { try probe.exchange($0) }
            if answer?.status == 200 { break }
            guard process.isRunning, MonotonicClock.seconds(since: start) < 300 else {
                process.stop()
                throw BenchFailure("\(command.program) did not answer \(path); see \(folder)/server.log")
            }
            MonotonicClock.wait(seconds: 0.002)
        }
        startSeconds = MonotonicClock.seconds(since: start)
    }

    var tree: ProcessTree { ProcessTree(of: process.id) }

    /// Stops the tree's clock while another server is measured.
    func pause() { tree.signal(SIGSTOP) }

    func resume() { tree.signal(SIGCONT) }

    func stop() { process.stop() }

    /// One request outside of any measurement.
    func send(_ request: Pattern, answerSeconds: Double = 60) throws -> Answer {
        let connection = Connection(port: port, answerSeconds: answerSeconds)
        return try Array(request.bytes).withUnsafeBytes { try connection.exchange($0, keepsBody: true) }
            .accepted()
    }

    /// A port that nobody listens on now.
    static func freePort() throws -> UInt16 {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0
            }
        }
        guard bound else { throw BenchFailure("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
