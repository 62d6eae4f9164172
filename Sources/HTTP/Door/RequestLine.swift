package import HTTPTypes
package import Hummingbird

/// What the log says about one request.
package struct RequestLine: Sendable {
    package let method: HTTPRequest.Method
    /// Without its query, which may hold what is nobody's business, and with `link_…` in place of a link.
    package let path: String
    package let status: Int
    package let duration: Duration
    /// The length of the answer; nil for a stream whose length is not known before.
    package let bytes: Int?
    package let requestID: String

    package init(_ request: Request, path: String, answer: Answer, duration: Duration, requestID: String) {
        method = request.method
        self.path = LoggedPath.text(path)
        status = answer.status.code
        self.duration = duration
        bytes = answer.body.contentLength
        self.requestID = requestID
    }
}
