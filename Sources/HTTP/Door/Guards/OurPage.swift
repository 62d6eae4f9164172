package import HTTPTypes
package import Hummingbird

extension Request {
    /// Whether a request shows that it comes from a page of this server, or from no page at all.
    ///
    /// A page elsewhere can neither choose these headers nor send the last without asking first.
    package var isFromOurPage: Bool {
        if let site = headers[.secFetchSite] { return site == "same-origin" }
        if let origin = headers[.origin], origin != "null" {
            guard let authority = head.authority, !authority.isEmpty else { return false }
            return origin == "http://" + authority || origin == "https://" + authority
        }
        return headers[.xRoostRequest] != nil
    }
}

extension HTTPField.Name {
    package static let secFetchSite = named("Sec-Fetch-Site")
    package static let xRoostRequest = named("X-Roost-Request")
    package static let xForwardedFor = named("X-Forwarded-For")
    package static let xForwardedProto = named("X-Forwarded-Proto")
    package static let referrerPolicy = named("Referrer-Policy")

    package static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return field
    }
}
