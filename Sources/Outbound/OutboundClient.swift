internal import NIOSSL

/// The one way in which this server asks another that somebody named.
///
/// Security: against server-side requests to places that only this server reaches. The host is resolved once, every
/// address is checked, and the connection is made to an address that was checked; nothing resolves the name again, while
/// TLS still verifies it. Redirects are not followed, proxies of the environment are not used, and what is answered to `post`
/// and `put` is dropped.
package struct OutboundClient: Sendable {
    private let policy: OutboundPolicy
    private let resolver: Resolver
    /// Nil for what the system trusts.
    private let tls: NIOSSLContext?

    package init(policy: OutboundPolicy = .standard, resolver: Resolver = .system) {
        self.init(policy: policy, resolver: resolver, tls: nil)
    }

    /// For tests, which trust receivers of their own.
    init(policy: OutboundPolicy, resolver: Resolver, tls: NIOSSLContext?) {
        self.policy = policy
        self.resolver = resolver
        self.tls = tls
    }

    /// What is known of an answer.
    package struct Answer: Sendable, Hashable {
        package let status: Int
        /// The header `Retry-After`.
        package let retryAfter: String?
    }

    /// How long a request may take from the connection to the end of its answer.
    package static let timeoutSeconds: Int64 = 30

    /// Reads an address and checks where its host is.
    ///
    /// - Parameter text: The address as it was given.
    /// - Returns: The address; where its host is by then is checked again when something is sent.
    /// - Throws: `OutboundError`.
    package func check(_ text: String) async throws -> WebAddress {
        let address = try WebAddress(text, schemes: policy.schemes)
        if !policy.allowsPrivateAddresses { _ = try await places(of: address) }
        return address
    }

    /// Reads an address and finds where its host is, for a program that connects by itself.
    ///
    /// - Parameter text: The address as it was given.
    /// - Returns: The address, and the places that were checked: the program must go to one of these.
    /// - Throws: `OutboundError`.
    package func locate(_ text: String) async throws -> (address: WebAddress, places: [NetworkAddress]) {
        let address = try WebAddress(text, schemes: policy.schemes)
        return (address, try await places(of: address))
    }

    /// Posts a body.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - headers: Beside those of every request.
    ///   - text: The address.
    /// - Returns: What is known of the answer, whatever its status.
    /// - Throws: `OutboundError`, `CancellationError`.
    package func post(_ body: [UInt8], headers: [(String, String)], to text: String) async throws -> Answer {
        let exchange = try await exchange(with: text)
        return try await within(seconds: Self.timeoutSeconds) {
            try await exchange.post(body, headers: headers)
        }
    }

    /// What somebody answered.
    package struct Page: Sendable, Hashable {
        package let status: Int
        package let body: [UInt8]
    }

    /// Asks for a page, or posts a body and reads what is answered.
    ///
    /// Security: only for addresses that the operator named, or that such an address names, and for servers whose content who
    /// made this server ask gets anyway; what is answered by others must not be seen by them.
    ///
    /// - Parameters:
    ///   - text: The address.
    ///   - body: What is posted; nil to get the page.
    ///   - headers: Beside those of every request.
    ///   - limitBytes: How long the answer may be.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `OutboundError`, `CancellationError`.
    package func fetch(
        _ text: String,
        posting body: [UInt8]? = nil,
        headers: [(String, String)] = [],
        limitBytes: Int
    ) async throws -> Page {
        let exchange = try await exchange(with: text)
        return try await within(seconds: Self.timeoutSeconds) {
            try await exchange.fetch(body, headers: headers, limitBytes: limitBytes)
        }
    }

    /// Finds where an address is and checks it, for one request.
    func exchange(with text: String) async throws -> WebExchange {
        let address = try WebAddress(text, schemes: policy.schemes)
        return WebExchange(
            address: address,
            places: try await places(of: address),
            tls: address.scheme == "https" ? try tls ?? Self.systemTLS.get() : nil
        )
    }

    /// Read once, when first something is sent, because that takes a while.
    private static let systemTLS = Result { try NIOSSLContext(configuration: .makeClientConfiguration()) }

    /// Where a host is, all of it checked.
    private func places(of address: WebAddress) async throws -> [NetworkAddress] {
        let places =
            if let literal = address.literal { [literal] } else {
                try await resolver.addresses(address.host)
            }
        guard !places.isEmpty else { throw OutboundError.unresolved(address.host, "it has no address") }
        if !policy.allowsPrivateAddresses, let place = places.first(where: { !$0.isPublic }) {
            throw OutboundError.notPublic(address.host, place)
        }
        return places
    }

    private func within<T: Sendable>(
        seconds: Int64,
        _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: T.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw OutboundError.timedOut(seconds: seconds)
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { preconditionFailure("two tasks were begun") }
            return first
        }
    }
}
