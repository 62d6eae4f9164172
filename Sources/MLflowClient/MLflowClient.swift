internal import AsyncHTTPClient
internal import NIOSSL

/// A client of any server that speaks MLflow's REST API.
///
/// ```swift
/// let client = try MLflowClient(address: "http://127.0.0.1:5000")
/// for try await experiment in client.experiments(view: .all) {
///     for try await run in client.runs(of: [experiment.id]) { print(run.info.name, run.data.metrics) }
/// }
/// ```
///
/// Calls that fail for a passing reason (a lost connection, a busy server) are tried again with growing pauses, as
/// MLflow's own client does; that a server cannot be reached at all is told at once. The client holds no resources: copy
/// it freely.
public struct MLflowClient: Sendable {
    /// Where the server is, without a slash at the end.
    public let address: String
    /// Who asks.
    public let credentials: Credentials
    /// How often and how patiently a call is tried again.
    public let retries: RetryPolicy

    let http: HTTPClient
    let tls: TLSConfiguration?
    let contact = Contact()

    /// The connections of all clients in this process.
    ///
    /// The pool tries no connection a second time by itself, as it would for as long as a minute and a half: how often, and
    /// after which pause, is for ``retries`` to say.
    private static let sharedHTTP: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    /// Makes a client; nothing is asked of the server yet.
    ///
    /// - Parameters:
    ///   - address: `http://host:port` or `https://…`, with the prefix that the server has, if any.
    ///   - credentials: Who asks. A name and password within the address go before it.
    ///   - retries: How a call that failed for a passing reason is tried again.
    ///   - trust: Whose certificate the server may have.
    /// - Throws: ``MLflowError/invalidAddress(_:)`` where the address is no address of the web,
    ///   ``MLflowError/unusableCertificates(path:)`` where there is nothing to trust.
    public init(
        address: String,
        credentials: Credentials = .none,
        retries: RetryPolicy = .standard,
        trust: ServerTrust = .authorities
    ) throws(MLflowError) {
        let parsed = try ServerAddress(address)
        self.address = parsed.text
        self.credentials = parsed.credentials ?? credentials
        self.retries = retries
        http = Self.sharedHTTP
        tls = try trust.configuration()
    }

    /// Makes a client as MLflow's own is made from the environment.
    ///
    /// It reads `MLFLOW_TRACKING_URI`, `MLFLOW_TRACKING_USERNAME` and `…_PASSWORD`, `MLFLOW_TRACKING_TOKEN`,
    /// `MLFLOW_TRACKING_SERVER_CERT_PATH`, `MLFLOW_TRACKING_INSECURE_TLS`, `MLFLOW_HTTP_REQUEST_MAX_RETRIES`,
    /// `…_BACKOFF_FACTOR` and `…_BACKOFF_JITTER`.
    ///
    /// - Parameters:
    ///   - address: Goes before `MLFLOW_TRACKING_URI`.
    ///   - environment: The variables, such as `ProcessInfo.processInfo.environment`.
    /// - Throws: ``MLflowError/invalidAddress(_:)`` where there is no address or it is none of the web,
    ///   ``MLflowError/unusableCertificates(path:)`` where there is nothing to trust.
    public init(address: String? = nil, environment: [String: String]) throws(MLflowError) {
        guard let address = address ?? environment["MLFLOW_TRACKING_URI"] else {
            throw .invalidAddress("MLFLOW_TRACKING_URI is not set")
        }
        try self.init(
            address: address,
            credentials: Credentials(environment: environment),
            retries: RetryPolicy(environment: environment),
            trust: ServerTrust(environment: environment)
        )
    }

    /// The version of MLflow that the server says it has, such as `3.17.2`.
    public func version() async throws -> String {
        try await text("/version")
    }
}
