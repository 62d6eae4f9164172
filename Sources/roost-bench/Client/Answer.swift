/// The head of an answer, and of its body what was asked for.
struct Answer {
    enum Length: Equatable {
        case bytes(Int)
        case chunked
        case untilClose
    }

    var status = 0
    var length = Length.untilClose
    var closes = false
    var body: [UInt8] = []
    var bodyBytes = 0

    /// Reads the status and the three headers that matter; names are compared without regard to case.
    init(head: UnsafeRawBufferPointer) {
        guard head.count > 12 else { return }
        for byte in head[9..<12] { status = status * 10 + Int(byte) - 48 }
        for line in head.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[line.startIndex..<colon], as: UTF8.self).lowercased()
            guard ["content-length", "transfer-encoding", "connection"].contains(name) else { continue }
            let value = String(decoding: line[(colon + 1)...].filter { $0 > 32 }, as: UTF8.self).lowercased()
            switch name {
            case "content-length": length = Int(value).map { .bytes($0) } ?? .untilClose
            case "transfer-encoding": length = value == "chunked" ? .chunked : length
            default: closes = value == "close"
            }
        }
        if status == 204 || status == 304 { length = .bytes(0) }
        closes = closes || length == .untilClose
    }
}
