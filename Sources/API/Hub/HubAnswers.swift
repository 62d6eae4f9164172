import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

extension Answer {
    static func profile(
        _ profile: Profile,
        isOwn: Bool = false,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .json(status: status, capacityBytes: 512) { json in
            json.fields(of: profile)
            if isOwn { json.field("is_admin", profile.isServerAdmin) }
        }
    }

    /// A list that is no page of a longer one.
    static func array(_ write: (inout JSONWriter) -> Void) -> Answer {
        var json = JSONWriter()
        json.array(write)
        return Answer(json: json)
    }

    /// What a search found, as Gogs answers it.
    static func found<Element>(
        _ page: ListPage<Element>,
        _ call: Call,
        _ hub: Hub,
        _ write: (inout JSONWriter, Element) -> Void
    ) throws -> Answer {
        var answer = Answer.json(capacityBytes: page.elements.count * 512 + 64) { json in
            json.array("data") { json in
                for element in page.elements { write(&json, element) }
            }
            json.field("ok", true)
        }
        answer.addPages(of: page.total, try call.page(), call, hub)
        return answer
    }

    /// Done, and nothing to say.
    static let noContent = Answer(status: .noContent, body: ResponseBody())
}
