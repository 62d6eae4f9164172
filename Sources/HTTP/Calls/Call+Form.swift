import Accounts
import Core
import HTTPTypes
import Hummingbird
import NIOCore

extension Call {
    /// Security: a page elsewhere could sign a person in as somebody else, or out, or use a link for them.
    package func checkForm() throws {
        guard request.isFromOurPage else {
            throw Refusal.mayNot(
                "The form does not come from a page of this server; programs send X-Roost-Request."
            )
        }
    }

    /// More than any text that a form has, each of whose characters may be nine bytes long on its way.
    private static let formLimitBytes = 2_000_000

    package func form() async throws -> Query {
        guard request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true
        else {
            throw Failure.invalid("A form is sent as application/x-www-form-urlencoded.")
        }
        let bytes = try await body()
        guard bytes.readableBytes <= Self.formLimitBytes else {
            throw Failure(.tooLarge, "The form is too long.")
        }
        return Query(String(buffer: bytes))
    }
}
