/// One row of the table: an operation that every peer does in turn.
struct Case {
    enum Unit: String, Codable {
        case perSecond = "/s"
        case milliseconds = "ms"
        case megabytesPerSecond = "MB/s"

        var largerIsBetter: Bool { self != .milliseconds }
    }

    let name: String
    let unit: Unit
    var seconds: Double?
    var mostOperations = Int.max
    /// Bytes that one operation moves, for rows in MB/s; the disk is brought to rest before each such round.
    var operationBytes = 0
    /// How long a server runs on after the request was sent once and before it is measured.
    ///
    /// One that sorts in the background what is searched by has done so then, as it has in use.
    var settlingSeconds = 0.0
    /// Text that stands once for each thing in an answer; all tracking servers must answer with as many.
    var countedText: String?
    /// What each client does in round `round`; empty if the peer has no such thing.
    let work: (_ stage: Stage, _ round: Int) throws -> [Work]
}

/// What came out for one peer.
enum Cell: Codable, Equatable {
    case value(Double, note: String? = nil)
    /// An operation was given up after so long.
    case givenUp(seconds: Double)
    case missing(String)
}

/// A row as it is printed.
struct Row: Codable {
    let name: String
    let unit: String
    let largerIsBetter: Bool
    var cells: [String: Cell] = [:]
    var cpuSecondsPer1000: [String: Double] = [:]
    var slowestHundredthMs: [String: Double] = [:]
    var note: String?
}
