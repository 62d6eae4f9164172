/// Builds the bytes of requests as MLflow's Python client sends them, without `Accept-Encoding`.
enum HTTPRequest {
    private static let common: Pattern = """
         HTTP/1.1\r
        Host: 127.0.0.1\r
        User-Agent: mlflow-python-client/3.17.2\r
        Accept: */*\r
        Connection: keep-alive\r\n
        """

    static func get(_ path: Pattern) -> Pattern {
        "GET " + path + common + "\r\n"
    }

    static func post(_ path: Pattern, _ body: Pattern) -> Pattern {
        "POST " + path + common
            + "Content-Type: application/json\r\nContent-Length: \(body.bytes.count)\r\n\r\n" + body
    }

    static func put(_ path: Pattern, _ body: Pattern) -> Pattern {
        putHead(path, sizeBytes: body.bytes.count) + body
    }

    /// The head of an upload whose body follows.
    static func putHead(_ path: Pattern, sizeBytes: Int) -> Pattern {
        "PUT " + path + common + "Content-Length: \(sizeBytes)\r\n\r\n"
    }
}
