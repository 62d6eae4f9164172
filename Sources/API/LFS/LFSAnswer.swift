import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

extension Endpoint {
    /// A row whose failures are told as Git LFS tells them.
    static func lfs(
        _ method: HTTPRequest.Method,
        _ path: String,
        needs right: Right,
        _ handler: @escaping Handler
    ) -> Endpoint {
        Endpoint(method, "info/lfs/" + path, in: .git, needs: right) { call in
            do {
                return try await handler(call)
            } catch let failure as Failure {
                return .lfs(status: failure.code.lfsStatus) { $0.field("message", failure.message) }
            } catch let error as JSONError {
                return .lfs(status: .unprocessableContent) { $0.field("message", "\(error)") }
            } catch let refusal as LFSRefusal {
                return .lfs(status: refusal.status) { $0.field("message", refusal.message) }
            }
        }
    }
}

/// A failure that has a status of its own in Git LFS.
struct LFSRefusal: Error {
    let status: HTTPResponse.Status
    let message: String
}

extension Answer {
    /// A JSON object of Git LFS.
    static func lfs(
        status: HTTPResponse.Status = .ok,
        _ fields: (inout JSONWriter) throws -> Void
    ) rethrows -> Answer {
        var answer = try Answer.json(status: status, fields)
        answer.headers[.contentType] = lfsType
        return answer
    }

    fileprivate static let lfsType = "application/vnd.git-lfs+json"
}

extension Call {
    /// Clients name some hundred files at a time, in so many bytes each.
    private static let lfsBodyBytes = 2 << 20

    /// The body, which must be an object.
    ///
    /// - Throws: `LFSRefusal`, `JSONError` or `Failure` for what is none.
    func lfsMessage() async throws -> Message {
        // Security: a page elsewhere can make a browser send plain text or a form without asking, but not JSON.
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }
        guard type == Answer.lfsType[...] || type == "application/json" else {
            throw LFSRefusal(
                status: .unsupportedMediaType,
                message: "The Content-Type must be \(Answer.lfsType)."
            )
        }
        let json = try await body(upTo: Self.lfsBodyBytes).withUnsafeReadableBytes { try JSON(parsing: $0) }
        guard case .object(let members) = json else {
            throw Failure.invalid("The request body must be a JSON object.")
        }
        return Message(members)
    }
}

extension Message {
    /// Reads the ref that a request is about; all refs of a repository have one right, and share files and locks.
    func checkRef() throws {
        guard let ref = try message("ref") else { return }
        guard try ref.has("name"), try ref.string("name") != nil else {
            throw Failure.invalid("A ref has a name.")
        }
    }
}

extension Failure.Code {
    var lfsStatus: HTTPResponse.Status {
        self == .invalidParameter ? .unprocessableContent : status
    }
}
