import HTTP
import HTTP
import HTTPTypes
import Hummingbird

extension Call {
    /// The request as one of MLflow's messages: from the query where a GET has one, else from the body.
    package func message() async throws -> Message {
        if request.method == .get || request.method == .head {
            let query = query
            if !query.isEmpty { return Message(query: query) }
        }
        return try Message(body: try await jsonBody())
    }
}
