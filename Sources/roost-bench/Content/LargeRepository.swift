/// A Git repository of the size that a busy team reaches in years, as a stream for `git fast-import`.
///
/// The branch `main` has `commitCount` commits. Each writes one file of the folder `data`, in turn: at first they make
/// them, later they change them; and every tenth writes a source file elsewhere. Every hundredth joins a side branch. The
/// contents are noise, so that the pack is as large as they are.
struct LargeRepository {
    let commitCount: Int
    /// How many files the folder `data` has.
    let fileCount: Int
    let sizeBytes: Int

    private static let firstSeconds = 1_600_000_000

    /// Gives the stream piece by piece.
    func forEachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
        for number in 0..<commitCount {
            try body(commit(number))
        }
        try body(Array("done\n".utf8))
    }

    private func commit(_ number: Int) -> [UInt8] {
        let isSide = number % 100 == 98
        var piece: [UInt8] = []
        let message = "Change number \(number)\n\nWhat it is good for is told here."
        piece += Array("commit refs/heads/\(isSide ? "side" : "main")\nmark :\(number + 1)\n".utf8)
        piece += Array("author Ann \(number % 7) <ann\(number % 7)@example.org> \(time(number)) +0100\n".utf8)
        piece += Array("committer Ann <ann@example.org> \(time(number)) +0100\n".utf8)
        piece += Array("data \(message.utf8.count)\n\(message)\n".utf8)
        if isSide { piece += Array("from :\(number)\n".utf8) }
        // The one after a commit on the side has the one before it as its parent, and joins the side.
        if number % 100 == 99 {
            piece += Array("from :\(number - 1)\nmerge :\(number)\n".utf8)
            write(content(number - 1), to: path(number - 1), in: &piece)
        }
        write(content(number), to: path(number), in: &piece)
        if number % 10 == 0 {
            write(
                Array("line \(number)\n".utf8),
                to: "src/module\(number % 40)/file\(number % 300).swift",
                in: &piece
            )
        }
        return piece
    }

    /// The files of `data` are changed in an order that leaves some untouched since the first round.
    private func path(_ number: Int) -> String {
        let file = number < fileCount ? number : (number * 7919) % max(1, fileCount * 3 / 4)
        return "data/sample-\(file).bin"
    }

    private func time(_ number: Int) -> Int { Self.firstSeconds + number * 600 }

    private func write(_ content: [UInt8], to path: String, in piece: inout [UInt8]) {
        piece += Array("M 100644 inline \(path)\ndata \(content.count)\n".utf8)
        piece += content
        piece.append(UInt8(ascii: "\n"))
    }

    private func content(_ number: Int) -> [UInt8] {
        let count = sizeBytes / commitCount
        var state = UInt64(number) &+ 0x9E37_79B9_7F4A_7C15
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                if index % 8 == 0 { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
                buffer[index] = UInt8(truncatingIfNeeded: (state ^ (state >> 29)) >> UInt64(index % 8 * 8))
            }
            filled = count
        }
    }
}
