import FoundationEssentials

/// Bytes of a request with places where the client writes a number or a run id just before it sends them.
///
/// A place has a fixed width: `Content-Length` stays the same, and no request is built while the clock runs.
struct Pattern: Codable {
    var bytes = Data()
    var counters: [Counter] = []
    var runPlaces: [Int] = []

    /// A number written right-aligned at `offset`: `scale × request number + added`.
    struct Counter: Codable {
        var offset: Int
        var width: Int
        var scale: Int
        var added: Int
        /// The byte that fills the number up to its width: a space in JSON, a zero in a path.
        var fill: UInt8
    }

    /// A place in a pattern.
    enum Place {
        case run
        case counter(scale: Int = 1, added: Int = 0, width: Int = 8)
        case path
    }

    static let runIDLength = 32

    static func + (left: Pattern, right: Pattern) -> Pattern {
        var sum = left
        sum.append(right)
        return sum
    }

    mutating func append(_ other: Pattern) {
        let shift = bytes.count
        bytes.append(other.bytes)
        counters += other.counters.map { counter in
            var moved = counter
            moved.offset += shift
            return moved
        }
        runPlaces += other.runPlaces.map { $0 + shift }
    }

    mutating func append(_ place: Place) {
        switch place {
        case .run:
            runPlaces.append(bytes.count)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Self.runIDLength))
        case .counter(let scale, let added, let width):
            appendCounter(width: width, scale: scale, added: added, fill: UInt8(ascii: " "))
        case .path:
            appendCounter(width: 8, scale: 1, added: 0, fill: UInt8(ascii: "0"))
        }
    }

    private mutating func appendCounter(width: Int, scale: Int, added: Int, fill: UInt8) {
        counters.append(Counter(offset: bytes.count, width: width, scale: scale, added: added, fill: fill))
        bytes.append(contentsOf: repeatElement(fill, count: width))
    }
}

extension Pattern: ExpressibleByStringInterpolation {
    init(stringLiteral text: String) {
        bytes = Data(text.utf8)
    }

    init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.pattern
    }

    struct StringInterpolation: StringInterpolationProtocol {
        var pattern = Pattern()

        init(literalCapacity: Int, interpolationCount: Int) {
            pattern.bytes.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ text: String) {
            pattern.bytes.append(contentsOf: text.utf8)
        }

        mutating func appendInterpolation(_ text: String) {
            appendLiteral(text)
        }

        mutating func appendInterpolation(_ number: Int) {
            appendLiteral(String(number))
        }

        mutating func appendInterpolation(_ place: Place) {
            pattern.append(place)
        }
    }
}

extension Sequence where Element == Pattern {
    func joined(separator: Pattern) -> Pattern {
        var sum = Pattern()
        for (index, element) in enumerated() {
            if index > 0 { sum.append(separator) }
            sum.append(element)
        }
        return sum
    }
}
