import HTTPTypes
import Hummingbird

extension Answer {
    /// Sends a browser on, which asks there with GET.
    package static func redirect(to address: String, setting cookie: String? = nil) -> Answer {
        var headers: HTTPFields = [.location: address, .cacheControl: "no-store"]
        if let cookie { headers[.setCookie] = cookie }
        return Answer(status: .seeOther, headers: headers, body: ResponseBody())
    }
}
