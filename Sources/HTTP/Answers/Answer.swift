package import Core
package import HTTPTypes
package import Hummingbird
import NIOCore

/// What a handler answers.
package struct Answer: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: ResponseBody
    /// Whether pages of other servers may show it in a frame.
    package var mayBeFramed = false
    /// Whether only pages of this server may read it, whatever origins are allowed.
    package var isForOurPages = false
    /// What went wrong, where it is an error.
    package var failure: Failure?

    package init(status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), body: ResponseBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON object.
    package static func json(
        status: HTTPResponse.Status = .ok,
        capacityBytes: Int = 256,
        _ fields: (inout JSONWriter) throws -> Void
    ) rethrows -> Answer {
        var writer = JSONWriter(capacityBytes: capacityBytes)
        try writer.object(fields)
        return Answer(json: writer, status: status)
    }

    /// A JSON object of as many things as were found, which is written aside where they are many.
    ///
    /// - Parameters:
    ///   - capacityBytes: About how long it will be.
    ///   - fields: Writes what stands between the braces.
    /// - Returns: The answer.
    package static func page(
        capacityBytes: Int,
        _ fields: (inout JSONWriter) -> Void
    ) async -> Answer {
        guard capacityBytes > Moment.bytes else { return .json(capacityBytes: capacityBytes, fields) }
        return await aside { .json(capacityBytes: capacityBytes, fields) }
    }

    /// A JSON value that was written already.
    package init(json: borrowing JSONWriter, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: json.withBytes { ByteBuffer(bytes: $0) })
        )
    }

    /// `{}`, which most writes answer.
    package static let empty = Answer.json { _ in }

    package static func text(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        type: String = "text/plain; charset=utf-8"
    ) -> Answer {
        Answer(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    package var response: Response { Response(status: status, headers: headers, body: body) }
}
