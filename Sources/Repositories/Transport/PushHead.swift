import Core
import NIOCore

/// Reads what a push wishes from the beginning of its request: lines, each with its length before it, up to an empty one.
///
/// - Source: gitprotocol-pack(5), "Reference Update Request And Packfile Transfer".
struct PushHead {
    /// What is wished, in the order of the request.
    private(set) var changes: [RefChange] = []
    private(set) var isComplete = false
    private var rest = ByteBuffer()
    private var readBytes = 0
    private let limitBytes: Int

    /// - Parameter limitBytes: So long may the wishes be; about a hundred thousand refs.
    init(limitBytes: Int = 16 << 20) {
        self.limitBytes = limitBytes
    }

    /// Takes the next bytes; what lies behind the head is left alone.
    ///
    /// - Throws: `Failure.tooLarge` for more refs than one push may change; `Failure` for what is no push.
    mutating func take(_ bytes: ByteBuffer) throws(Failure) {
        guard !isComplete else { return }
        readBytes += bytes.readableBytes
        rest.writeImmutableBuffer(bytes)
        while !isComplete, let line = try nextLine() { try read(line) }
        guard isComplete || readBytes <= limitBytes else {
            throw Failure(.tooLarge, "A push may not change so many refs at once: push them in parts.")
        }
        if isComplete { rest = ByteBuffer() }
    }

    /// - Returns: nil where it has not come whole yet. An empty line ends the head.
    private mutating func nextLine() throws(Failure) -> ByteBufferView? {
        guard let digits = rest.getString(at: rest.readerIndex, length: 4) else { return nil }
        guard let length = Int(digits, radix: 16), !digits.hasPrefix("+"), !digits.hasPrefix("-") else {
            throw Self.noPush
        }
        if length == 0 {
            isComplete = true
            return nil
        }
        guard length >= 4 else { throw Self.noPush }
        guard rest.readableBytes >= length, let line = rest.readSlice(length: length) else { return nil }
        return line.readableBytesView.dropFirst(4)
    }

    private mutating func read(_ line: ByteBufferView) throws(Failure) {
        let newline = UInt8(ascii: "\n")
        // Behind a NUL the first line says what the client can do.
        let command = (line.last == newline ? line.dropLast() : line).prefix { $0 != 0 }
        // Security: `git` drops one at the end, and takes all others for the name that it tells the hook.
        guard !command.contains(newline) else { throw Self.noPush }
        if command.starts(with: "shallow ".utf8) { return }
        let words = command.split(
            separator: UInt8(ascii: " "),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard words.count == 3, [40, 64].contains(words[0].count), words[0].count == words[1].count else {
            throw Self.noPush
        }
        changes.append(
            RefChange(
                String(decoding: words[2], as: UTF8.self),
                from: Self.id(words[0]),
                to: Self.id(words[1])
            )
        )
    }

    /// Zeros stand for nothing.
    private static func id(_ bytes: ByteBufferView) -> String? {
        bytes.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static let noPush = Failure(.badRequest, "The request is no push of Git.")
}
