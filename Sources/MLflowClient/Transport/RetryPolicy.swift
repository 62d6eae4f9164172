/// How a call that failed for a passing reason is tried again.
///
/// - Source: MLflow 3, `MLFLOW_HTTP_REQUEST_MAX_RETRIES` and its neighbours.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a call is tried after the first time.
    public var limit: Int
    /// The pause doubles from here.
    public var pauseSeconds: Double
    /// Up to so much is added at random, so that many clients do not come back at once.
    public var jitterSeconds: Double
    /// Whether a server that has never answered is tried again, such as one that is just being started.
    ///
    /// Otherwise a wrong address, or a certificate that is not trusted, is told at once.
    public var awaitsServer: Bool

    /// The longest pause.
    public static let pauseLimitSeconds = 120.0

    /// What MLflow's own client does: seven times, after 2, 4, 8 … seconds.
    public static let standard = RetryPolicy(limit: 7, pauseSeconds: 2, jitterSeconds: 1)
    /// A call fails at once.
    public static let none = RetryPolicy(limit: 0, pauseSeconds: 0, jitterSeconds: 0)

    public init(limit: Int, pauseSeconds: Double, jitterSeconds: Double, awaitsServer: Bool = false) {
        self.limit = limit
        self.pauseSeconds = pauseSeconds
        self.jitterSeconds = jitterSeconds
        self.awaitsServer = awaitsServer
    }

    /// Reads MLflow's variables; what is not set is as in ``standard``.
    ///
    /// - Parameter environment: The variables.
    public init(environment: [String: String]) {
        self.init(
            limit: environment["MLFLOW_HTTP_REQUEST_MAX_RETRIES"].flatMap { Int($0) }
                ?? Self.standard.limit,
            pauseSeconds: environment["MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR"].flatMap { Double($0) }
                ?? Self.standard.pauseSeconds,
            jitterSeconds: environment["MLFLOW_HTTP_REQUEST_BACKOFF_JITTER"].flatMap { Double($0) }
                ?? Self.standard.jitterSeconds
        )
    }

    /// The pause before a try, the first repetition being 1; nil where there is none any more.
    func pause(beforeTry number: Int) -> Duration? {
        guard number <= limit else { return nil }
        var seconds = pauseSeconds
        for _ in 1..<max(number, 1) { seconds = min(seconds * 2, Self.pauseLimitSeconds) }
        return .seconds(seconds + Double.random(in: 0...max(jitterSeconds, 0)))
    }

    /// The statuses behind which a later try may succeed.
    static let passingStatuses: Set<UInt> = [408, 429, 500, 502, 503, 504]
}
