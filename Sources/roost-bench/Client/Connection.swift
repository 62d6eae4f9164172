import Glibc

/// One HTTP/1.1 connection to loopback: blocking socket, one buffer, the least parsing that is correct.
final class Connection {
    private let port: UInt16
    private let answerSeconds: Double
    private var descriptor: Int32 = -1
    private static let endMark = ByteSearch("\r\n\r\n")
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    init(port: UInt16, answerSeconds: Double) {
        self.port = port
        self.answerSeconds = answerSeconds
    }

    deinit {
        close()
        buffer.deallocate()
    }

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Sends the request and reads the whole answer; a body that is not wanted is dropped as it comes.
    func exchange(_ request: UnsafeRawBufferPointer, keepsBody: Bool = false) throws -> Answer {
        try connectIfNeeded()
        try send(request)
        return try receive(keepsBody: keepsBody)
    }

    func connectIfNeeded() throws {
        guard descriptor < 0 else { return }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var limit = timeval(tv_sec: Int(answerSeconds), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close()
            throw ConnectionFailure.broken("connect: \(String(cString: strerror(errno)))")
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let sent = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            guard sent > 0 else { throw failure("send") }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }

    func receive(keepsBody: Bool = false) throws -> Answer {
        var filled = 0
        var headEnd: Int?
        while headEnd == nil {
            let count = try read(at: filled)
            guard count > 0 else { throw failure("the server closed the connection") }
            filled += count
            headEnd = endOfHead(filled)
        }
        var answer = Answer(head: UnsafeRawBufferPointer(rebasing: buffer[..<(headEnd ?? 0)]))
        var body = BodyReader(length: answer.length, keepsBytes: keepsBody || answer.status >= 400)
        body.take(UnsafeRawBufferPointer(rebasing: buffer[(headEnd ?? 0)..<filled]))
        while !body.isComplete {
            let count = try read(at: 0)
            if count == 0, answer.length == .untilClose { break }
            guard count > 0 else { throw failure("the server closed the connection within a body") }
            body.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        answer.body = body.kept
        answer.bodyBytes = body.count
        if answer.closes { close() }
        return answer
    }

    private func read(at offset: Int) throws -> Int {
        let count = recv(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, 0)
        if count < 0, errno == EAGAIN {
            close()
            throw ConnectionFailure.late
        }
        guard count >= 0 else { throw failure("recv") }
        return count
    }

    private func endOfHead(_ filled: Int) -> Int? {
        Self.endMark.firstIndex(in: UnsafeRawBufferPointer(rebasing: buffer[..<filled])).map { $0 + 4 }
    }

    private func failure(_ what: String) -> ConnectionFailure {
        let reason = String(cString: strerror(errno))
        close()
        return .broken("\(what): \(reason)")
    }
}

enum ConnectionFailure: Error {
    /// No answer within the time limit.
    case late
    case broken(String)
}
