import HTTPTypes
import Hummingbird

extension Request {
    /// Whether a request shows that it comes from a page of this server, or from no page at all.
    ///
    /// A page elsewhere can neither choose these headers nor send the last without asking first.
    var isFromOurPage: Bool {
        if let site = headers[.secFetchSite] { return site == "same-origin" }
        if let origin = headers[.origin], origin != "null" {
            guard let authority = head.authority, !authority.isEmpty else { return false }
            return origin == "http://" + authority || origin == "https://" + authority
        }
        return headers[.xRoostRequest] != nil
    }
}

extension HTTPField.Name {
    static let secFetchSite = named("Sec-Fetch-Site")
    static let xRoostRequest = named("X-Roost-Request")
    static let xForwardedFor = named("X-Forwarded-For")
    static let xForwardedProto = named("X-Forwarded-Proto")
    static let referrerPolicy = named("Referrer-Policy")

    static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return field
    }
}
