/// What one client process does, sent to it as JSON.
struct Workload: Codable {
    var port: UInt16
    var reusesConnection = true
    /// When all clients begin, on the monotonic clock, which all processes share.
    var startNanoseconds: UInt64 = 0
    var durationSeconds: Double = 1
    var mostOperations = Int.max
    /// An operation that takes longer ends the client's work.
    var operationSeconds: Double = 60
    var work: Work
}

/// The operation that a client repeats.
enum Work: Codable {
    /// Sends the request again and again, the places counted up from `first`, the run ids taken in turn.
    case exchange(Pattern, first: Int = 0, runs: [String] = [])
    /// Follows `next_page_token` to the end; one operation is the whole listing.
    case paging(PagedRequest)
    /// Sends a body of so many bytes made on the way; no two blocks of it are the same.
    ///
    /// If `syncing` names the file that the server writes without syncing it, the client does that itself.
    case upload(head: Pattern, sizeBytes: Int, syncing: String? = nil)
    /// Creates the runs of `RunContent` with every `step`-th number from `first` to before `end`; one operation is one run.
    case fill(experimentID: String, first: Int, step: Int, end: Int)
}

/// A request that carries a page token in its body or in its query.
struct PagedRequest: Codable {
    var method: String
    var path: String
    /// JSON without its closing brace, so that the token can follow; empty for a token in the query.
    var openBody: String
}

/// What one client process saw, handed back as JSON.
struct ClientResult: Codable {
    var latenciesNanoseconds: [UInt64] = []
    var endNanoseconds: UInt64 = 0
    var bytesReceived = 0
    var clientCPUSeconds = 0.0
    var failures = 0
    var firstFailure: String?
    /// True if an operation was given up after `operationSeconds`.
    var gaveUp = false
}
