/// Why nothing was sent, or nothing came back; the words are for the person who gave the address.
package enum OutboundError: Error, Sendable, Hashable {
    /// Nothing but space.
    case blank
    case scheme(String, allowed: [String])
    case noHost
    /// What is wrong with the address, as the end of a sentence.
    case malformed(String)
    case closedPort(Int)
    /// A number that is not spelled as an address is.
    case oddAddress(String)
    /// The host, and what the system says about it.
    case unresolved(String, String)
    /// Too many names are being looked up; nobody was asked.
    case busy
    case notPublic(String, NetworkAddress)
    case unreachable(String)
    case timedOut(seconds: Int64)
    case noAnswer(String)

    /// Whether the same request may do better later.
    package var isPassing: Bool {
        switch self {
        case .unresolved, .busy, .unreachable, .timedOut, .noAnswer: true
        case .blank, .scheme, .noHost, .malformed, .closedPort, .oddAddress, .notPublic: false
        }
    }
}

extension OutboundError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .blank: "The address is empty."
        case .scheme(let scheme, let allowed):
            "The scheme '\(scheme)' is not among those that are allowed: \(allowed.joined(separator: ", "))."
        case .noHost: "The address names no host."
        case .malformed(let reason): "The address \(reason)."
        case .closedPort(let port): "The port \(port) is not allowed: only 80, 443 and those from 1024 are."
        case .oddAddress(let host): "'\(host)' is no canonical IP address."
        case .unresolved(let host, let reason): "The host '\(host)' cannot be resolved: \(reason)."
        case .busy: "Too many names are being looked up; nothing was asked."
        case .notPublic(let host, let address): "'\(host)' is at \(address), which is not a public address."
        case .unreachable(let reason): "There was no connection: \(reason)."
        case .timedOut(let seconds): "There was no answer within \(seconds) seconds."
        case .noAnswer(let reason): "There was no whole answer: \(reason)."
        }
    }
}
