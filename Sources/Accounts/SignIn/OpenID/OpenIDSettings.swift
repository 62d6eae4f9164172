package import Outbound

/// Another server that people sign in at, by OpenID Connect.
package struct OpenIDSettings: Sendable {
    /// What membership in a group there gives here.
    package struct GroupRule: Sendable, Hashable {
        let group: String
        let organization: String
        /// A team of the organization; nil for the organization alone.
        let team: String?

        package init(group: String, organization: String, team: String?) {
            self.group = group
            self.organization = organization
            self.team = team
        }
    }

    /// What people read on the way there.
    package var name: String {
        String(issuer.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" })
    }

    let issuer: String
    let clientID: String
    let clientSecret: String?
    let scopes: String
    let groupsClaim: String
    let adminGroup: String?
    let rules: [GroupRule]

    /// - Parameters:
    ///   - issuer: Its address, as its tokens name it.
    ///   - clientID: What this server is called there.
    ///   - clientSecret: What this server shows there; nil for a public client.
    ///   - scopes: What is asked for, with spaces.
    ///   - groupsClaim: Which claim names the groups of a person.
    ///   - adminGroup: Whose members look after this server.
    ///   - rules: What other groups give.
    package init(
        issuer: String,
        clientID: String,
        clientSecret: String?,
        scopes: String,
        groupsClaim: String,
        adminGroup: String?,
        rules: [GroupRule]
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.adminGroup = adminGroup
        self.rules = rules
    }

    /// The operator named it, so that it may be in a network of their own.
    package var policy: OutboundPolicy {
        OutboundPolicy(
            schemes: issuer.hasPrefix("http://") ? ["http", "https"] : ["https"],
            allowsPrivateAddresses: true
        )
    }
}
