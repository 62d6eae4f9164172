import ArgumentParser
import FoundationEssentials
import Glibc

/// One client: a process with one connection that does one workload and reports what it saw.
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "client", shouldDisplay: false)

    @Argument(help: "File with the workload as JSON.")
    var workload: String

    @Argument(help: "File for the result as JSON.")
    var result: String

    func run() throws {
        let contents = try Data(contentsOf: URL(filePath: workload))
        var client = Client(try JSONDecoder().decode(Workload.self, from: contents))
        try JSONEncoder().encode(try client.run()).write(to: URL(filePath: result))
    }
}

/// Repeats one operation until the time is over and keeps each one's duration.
struct Client {
    private let workload: Workload
    private let connection: Connection
    private var result = ClientResult()

    init(_ workload: Workload) {
        self.workload = workload
        connection = Connection(port: workload.port, answerSeconds: workload.operationSeconds)
    }

    mutating func run() throws -> ClientResult {
        let operation = operation()
        MonotonicClock.wait(until: workload.startNanoseconds)
        let cpuBefore = Self.cpuSeconds
        let end = workload.startNanoseconds + UInt64(workload.durationSeconds * 1e9)
        var done = 0
        while done < workload.mostOperations, done == 0 || MonotonicClock.nowNanoseconds < end {
            let start = MonotonicClock.nowNanoseconds
            do {
                let bytes = try operation(done)
                result.bytesReceived += bytes
                result.latenciesNanoseconds.append(MonotonicClock.nowNanoseconds - start)
            } catch ConnectionFailure.late {
                result.gaveUp = true
                break
            } catch is NothingLeft {
                break
            } catch ConnectionFailure.broken(let reason) {
                result.failures += 1
                result.firstFailure = result.firstFailure ?? reason
                if result.failures > 1000 { break }
            }
            if !workload.reusesConnection { connection.close() }
            done += 1
        }
        result.endNanoseconds = MonotonicClock.nowNanoseconds
        result.clientCPUSeconds = Self.cpuSeconds - cpuBefore
        return result
    }

    /// The operation by its number; it returns how many bytes of body came back.
    private func operation() -> (Int) throws -> Int {
        switch workload.work {
        case .exchange(let pattern, let first, let runs):
            let request = PreparedRequest(pattern, runs: runs)
            return { [connection] number in
                try request.fill(number: first + number, runNumber: number)
                return try connection.exchange(request.bytes).accepted().bodyBytes
            }
        case .paging(let request):
            let limit = workload.operationSeconds
            return { [connection] _ in try Paging(request, on: connection).run(limitSeconds: limit) }
        case .upload(let head, let sizeBytes, let path):
            let upload = Upload(head: head, sizeBytes: sizeBytes, syncing: path)
            return { [connection] _ in try upload.run(on: connection) }
        case .fill(let experimentID, let first, let step, let end):
            return { [connection] number in
                guard first + number * step < end else { throw NothingLeft() }
                return try RunContent(number: first + number * step).log(to: experimentID, on: connection)
            }
        }
    }

    private static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// The workload's runs or rows are used up before its time is over.
struct NothingLeft: Error {}

extension Answer {
    /// The answer itself, if it tells of success.
    func accepted() throws -> Answer {
        guard (200..<300).contains(status) else {
            throw ConnectionFailure.broken("\(status) \(String(decoding: body.prefix(300), as: UTF8.self))")
        }
        return self
    }
}
