/// Takes a body as it arrives, whole or chunked, and knows when it has ended.
struct BodyReader {
    private(set) var kept: [UInt8] = []
    private(set) var count = 0
    private(set) var isComplete = false
    private let length: Answer.Length
    private let keepsBytes: Bool
    private var chunkRest = 0
    private var sizeLine: [UInt8] = []
    private var stage = Stage.size

    private enum Stage {
        case size
        case content
        case endOfContent
        case trailer
    }

    init(length: Answer.Length, keepsBytes: Bool) {
        self.length = length
        self.keepsBytes = keepsBytes
        isComplete = length == .bytes(0)
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        switch length {
        case .bytes(let whole):
            keep(bytes)
            isComplete = count >= whole
        case .untilClose: keep(bytes)
        case .chunked: takeChunks(bytes)
        }
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        count += bytes.count
        if keepsBytes { kept.append(contentsOf: bytes) }
    }

    private mutating func takeChunks(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count, !isComplete {
            if stage == .content {
                let size = min(chunkRest, bytes.count - position)
                keep(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + size)]))
                position += size
                chunkRest -= size
                if chunkRest == 0 { stage = .endOfContent }
            } else {
                takeLineByte(bytes[position])
                position += 1
            }
        }
    }

    private mutating func takeLineByte(_ byte: UInt8) {
        guard byte == UInt8(ascii: "\n") else {
            if byte != UInt8(ascii: "\r") { sizeLine.append(byte) }
            return
        }
        defer { sizeLine.removeAll(keepingCapacity: true) }
        switch stage {
        case .size:
            let digits = sizeLine.prefix { $0 != UInt8(ascii: ";") }
            chunkRest = Int(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
            stage = chunkRest == 0 ? .trailer : .content
        case .endOfContent: stage = .size
        case .trailer: isComplete = sizeLine.isEmpty
        case .content: break
        }
    }
}
