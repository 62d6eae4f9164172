/// Finds a short text in many bytes (Horspool's algorithm), so that a client spends next to nothing on it.
struct ByteSearch {
    private let wanted: [UInt8]
    private let steps: [Int]

    init(_ text: String) {
        wanted = Array(text.utf8)
        var steps = [Int](repeating: wanted.count, count: 256)
        for (index, byte) in wanted.dropLast().enumerated() { steps[Int(byte)] = wanted.count - 1 - index }
        self.steps = steps
    }

    var length: Int { wanted.count }

    func firstIndex(in bytes: UnsafeRawBufferPointer) -> Int? {
        var start = 0
        while start + wanted.count <= bytes.count {
            let last = bytes[start + wanted.count - 1]
            if last == wanted[wanted.count - 1], matches(bytes, at: start) { return start }
            start += steps[Int(last)]
        }
        return nil
    }

    func count(in bytes: UnsafeRawBufferPointer) -> Int {
        var found = 0
        var rest = bytes
        while let index = firstIndex(in: rest) {
            found += 1
            rest = UnsafeRawBufferPointer(rebasing: rest[(index + wanted.count)...])
        }
        return found
    }

    private func matches(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
    }
}
