/// An address of PostgreSQL, taken apart as libpq does it, so that nobody is shown what is secret in it.
///
/// - Source: PostgreSQL 15, `conninfo_uri_parse_options` in `fe-connect.c`.
package struct PostgresURI: Sendable {
    /// Whether it is written as libpq reads it; what libpq cannot read it repeats.
    package let isWellFormed: Bool
    private let user: Substring?
    /// The hosts and the database.
    private let location: Substring
    /// Each as it is written and as it is meant, the longest first.
    private let passwords: [String]

    private static let secretParameters: Set<String> = ["password", "sslpassword", "oauth_client_secret"]
    private static let hexadecimal = "0123456789abcdefABCDEF".utf8

    package init(_ text: String) {
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        var rest = text[start...]
        var names: [Substring] = []
        // Who asks ends at the first @, unless a slash comes before it.
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            names = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            rest = rest[rest.index(after: end)...]
        }
        let location = rest.prefix { $0 != "?" }
        let parameters = rest.dropFirst(location.count + 1).split(separator: "&").map { parameter in
            parameter.split(separator: "=", omittingEmptySubsequences: false)
        }
        user = names.first
        self.location = location
        let secrets = parameters.filter { words in
            words.count == 2 && Self.secretParameters.contains(Self.decoded(words[0]) ?? "")
        }
        let written = Array(names.dropFirst()) + secrets.map { $0[1] }
        passwords = written.flatMap { [String($0), Self.decoded($0) ?? ""] }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        // An @ that is left, and a port that is no number, are of a password that should have been in percents.
        isWellFormed =
            Self.decoded(text[start...]) != nil
            && !location.prefix { $0 != "/" }.contains { "@&=".contains($0) }
            && !(names.first ?? "").contains { "?&=".contains($0) } && parameters.allSatisfy { $0.count == 2 }
            && Self.hasHosts(location)
    }

    /// For people: without a password.
    package var place: String {
        guard isWellFormed else { return "postgresql://…" }
        // Behind the slash an @ may be of a password with a slash in it.
        let shown = location.contains("@") ? location.prefix { $0 != "/" } + "/…" : location[...]
        return "postgresql://\(user.map { $0 + "@" } ?? "")\(shown)"
    }

    /// What libpq says, without a password in it.
    package func hidingPasswords(in message: String) -> String {
        guard isWellFormed else { return "the address is malformed" }
        // What stands in the address for everybody to see is no secret, and is needed to understand what went wrong.
        return passwords.filter { !place.contains($0) }.reduce(message) { $0.replacing($1, with: "****") }
    }

    /// Whether names and ports stand before the first slash, with commas: `a:1,[::1]:2`.
    private static func hasHosts(_ location: Substring) -> Bool {
        let hosts = location.prefix { $0 != "/" }.split(separator: ",", omittingEmptySubsequences: false)
        return hosts.allSatisfy { host in
            var port = host.drop { $0 != ":" }
            if host.first == "[" {
                guard let end = host.firstIndex(of: "]"), host.index(after: host.startIndex) < end else {
                    return false
                }
                port = host[host.index(after: end)...]
                guard port.isEmpty || port.first == ":" else { return false }
            }
            return port.dropFirst().utf8.allSatisfy { 48...57 ~= $0 }
        }
    }

    /// Undoes `%XX`; nil where a percent has no two digits behind it, or means the end of a text in C.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ hexadecimal.contains($0) }),
                let meant = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), meant != 0
            else { return nil }
            bytes.append(meant)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
