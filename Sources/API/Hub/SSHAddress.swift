/// Where Git is reached over SSH: `git@host`, or `git@host:2222`.
package struct SSHAddress: Sendable, Hashable {
    private let account: String
    private let host: String
    private let port: Int?

    /// Nil for a text that is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isWord(parts[0]) else { return nil }
        let place = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(place.count), Self.isWord(place[0]) else { return nil }
        if place.count == 2 {
            guard let port = Int(place[1]), 1...65_535 ~= port else { return nil }
            self.port = port
        } else {
            port = nil
        }
        (account, host) = (String(parts[0]), String(place[0]))
    }

    /// The address of a repository, as a client takes it.
    package func url(of fullName: String) -> String {
        guard let port else { return "\(account)@\(host):\(fullName).git" }
        return "ssh://\(account)@\(host):\(port)/\(fullName).git"
    }

    /// Letters, digits and three signs, of which none begins a word, so that no program takes it for an option.
    private static func isWord(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !"-._".utf8.contains(first) else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "-._".unicodeScalars.contains($0))
        }
    }
}
