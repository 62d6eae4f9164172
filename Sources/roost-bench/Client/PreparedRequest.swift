import FoundationEssentials

/// A pattern in memory of its own, whose places are overwritten before each use.
final class PreparedRequest {
    private let pattern: Pattern
    private let runs: [[UInt8]]
    private let memory: UnsafeMutableRawBufferPointer

    init(_ pattern: Pattern, runs: [String]) {
        self.pattern = pattern
        self.runs = runs.map { Array($0.utf8) }
        memory = .allocate(byteCount: pattern.bytes.count, alignment: 16)
        memory.copyBytes(from: pattern.bytes)
    }

    deinit {
        memory.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

    /// Writes the counters for request `number`, and the run's id.
    ///
    /// - Throws: `NothingLeft` if all runs have had their turn; a single run serves for ever.
    func fill(number: Int, runNumber: Int) throws {
        for counter in pattern.counters { write(counter.scale * number + counter.added, into: counter) }
        guard !pattern.runPlaces.isEmpty else { return }
        guard runs.count == 1 || runNumber < runs.count else { throw NothingLeft() }
        let run = runs[runs.count == 1 ? 0 : runNumber]
        for place in pattern.runPlaces {
            UnsafeMutableRawBufferPointer(rebasing: memory[place..<(place + run.count)]).copyBytes(from: run)
        }
    }

    private func write(_ value: Int, into counter: Pattern.Counter) {
        var rest = value
        var position = counter.offset + counter.width
        repeat {
            position -= 1
            memory[position] = UInt8(48 + rest % 10)
            rest /= 10
        } while rest > 0 && position > counter.offset
        while position > counter.offset {
            position -= 1
            memory[position] = counter.fill
        }
    }
}
