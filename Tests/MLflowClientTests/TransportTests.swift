import Testing

@testable import MLflowClient

@Suite
struct TransportTests {
    @Test func `credentials come from MLflow's variables, a name and password first`() {
        let token = ["MLFLOW_TRACKING_TOKEN": "t"]
        let name = ["MLFLOW_TRACKING_USERNAME": "ann", "MLFLOW_TRACKING_PASSWORD": "p:w"]

        #expect(Credentials(environment: [:]) == .none)
        #expect(Credentials(environment: token) == .bearer(token: "t"))
        #expect(
            Credentials(environment: token.merging(name) { $1 }) == .basic(username: "ann", password: "p:w")
        )
        #expect(Credentials(environment: ["MLFLOW_TRACKING_USERNAME": "ann"]) == .none)
        #expect(Credentials.basic(username: "ann", password: "p:w").header == "Basic YW5uOnA6dw==")
    }

    @Test func `trust comes from MLflow's variables, the stricter first`() {
        let anyone = ["MLFLOW_TRACKING_INSECURE_TLS": "True"]
        let file = ["MLFLOW_TRACKING_SERVER_CERT_PATH": "/ca.pem"]

        #expect(ServerTrust(environment: [:]) == .authorities)
        #expect(ServerTrust(environment: ["MLFLOW_TRACKING_INSECURE_TLS": "false"]) == .authorities)
        #expect(ServerTrust(environment: anyone) == .anyone)
        #expect(ServerTrust(environment: file.merging(anyone) { $1 }) == .file(path: "/ca.pem"))
    }

    @Test func `certificates that are not there are told before anything is asked`() {
        let failure = #expect(throws: MLflowError.self) {
            try MLflowClient(address: "https://h", trust: .file(path: "/nowhere.pem"))
        }
        #expect(
            failure?.description
                == "MLFLOW_TRACKING_SERVER_CERT_PATH must be a file of certificates in PEM, not '/nowhere.pem'."
        )
    }

    @Test func `pauses double up to a limit and end`() throws {
        let policy = RetryPolicy(limit: 9, pauseSeconds: 2, jitterSeconds: 0)

        let pauses = (1...10).map { policy.pause(beforeTry: $0) }

        #expect(pauses.prefix(3) == [.seconds(2), .seconds(4), .seconds(8)])
        #expect(pauses[8] == .seconds(120))
        #expect(pauses[9] == nil)
        #expect(RetryPolicy.none.pause(beforeTry: 1) == nil)
        #expect(RetryPolicy(environment: ["MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3"]).limit == 3)
        #expect(RetryPolicy(environment: [:]) == .standard)
    }

    @Test(arguments: [
        ("http://h:5000", "http://h:5000"), ("https://h/prefix//", "https://h/prefix"),
        ("HTTP://[::1]:5", "http://[::1]:5"), ("http://a%40b:p%3Aw@h", "http://h"),
    ])
    func `an address loses what does not belong to it`(text: String, address: String) throws {
        #expect(try MLflowClient(address: text).address == address)
    }

    @Test func `a name and password within an address go first`() throws {
        let client = try MLflowClient(address: "http://a%40b:p%3Aw@h", credentials: .bearer(token: "t"))

        #expect(client.credentials == .basic(username: "a@b", password: "p:w"))
    }

    @Test(arguments: [
        "", "h:5000", "ftp://h", "http://", "http:///x", "http://h?x", "http://h/#x", "http://a b",
    ])
    func `what is no address of the web is refused`(text: String) {
        #expect(throws: MLflowError.self) { try MLflowClient(address: text) }
    }

    @Test func `paths and values are encoded`() {
        #expect(PercentEncoding.encoded("a b/ü?&#%") == "a%20b%2F%C3%BC%3F%26%23%25")
        #expect(PercentEncoding.encoded("a b/c", keepingSlashes: true) == "a%20b/c")
    }
}
