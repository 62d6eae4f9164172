/// The pages of other servers that may call this one: those of this machine, and those that were named.
package struct AllowedOrigins: Sendable {
    package let allowAll: Bool
    private let patterns: [TextPattern]

    /// - Parameter patterns: Origins such as `https://app.example.com`, `https://*.example.com`; `*` for every page.
    package init(_ patterns: [String]) {
        allowAll = patterns.contains("*")
        self.patterns = patterns.map(TextPattern.init)
    }

    package func allow(_ origin: String) -> Bool {
        allowAll || isLocal(origin) || isNamed(origin)
    }

    /// Whether its pages may act for who has signed in: not because they come from the same machine, whose other ports are
    /// other people's programs.
    package func trust(_ origin: String) -> Bool {
        !allowAll && isNamed(origin)
    }

    private func isNamed(_ origin: String) -> Bool {
        patterns.contains { $0.matches(origin) }
    }

    private func isLocal(_ origin: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            let host = origin.dropFirst(scheme.count)
            for name in ["localhost", "127.0.0.1", "[::1]"] where host.hasPrefix(name) {
                let port = host.dropFirst(name.count)
                if port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil { return true }
            }
        }
        return false
    }
}
