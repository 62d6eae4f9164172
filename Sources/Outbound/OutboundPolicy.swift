/// Where requests to others may go.
package struct OutboundPolicy: Sendable, Hashable {
    package let schemes: [String]
    /// Whether addresses count that only this machine or this network reaches.
    package let allowsPrivateAddresses: Bool

    package init(schemes: [String], allowsPrivateAddresses: Bool) {
        self.schemes = schemes
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    package static let standard = OutboundPolicy(schemes: ["https"], allowsPrivateAddresses: false)
}
