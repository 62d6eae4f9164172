import Core

/// Which branches and tags another server has.
struct RemoteOffer: Sendable {
    /// The branch that is shown first; nil where none of the refs is.
    var head: String?
    var refs: [String: String] = [:]
    /// The names that are not taken.
    var refused: [String] = []
}

extension Remote {
    /// More are not followed.
    private static let refLimit = 50_000

    /// Asks which branches and tags there are.
    ///
    /// - Parameter repository: A repository here, for `git` to be in.
    /// - Returns: What this server would take of them.
    /// - Throws: `MirrorFailure` where there is no answer, or too much.
    func offer(in repository: String) async throws -> RemoteOffer {
        let output = try await run(
            ["ls-remote", "--quiet", "--symref"],
            ["HEAD", "refs/heads/*", "refs/tags/*"],
            in: repository
        )
        var offer = RemoteOffer()
        for line in output.lines {
            let words = line.split(separator: "\t", maxSplits: 1)
            guard words.count == 2 else { continue }
            let name = String(words[1])
            if words[0].hasPrefix("ref: "), name == "HEAD" {
                offer.head = String(words[0].dropFirst("ref: ".count))
            } else if name.hasPrefix(RefName.branches) || name.hasPrefix(RefName.tags), !name.hasSuffix("^{}")
            {
                // Security: such a name could be taken for something else, as in a push.
                if RefName.refusal(of: name) == nil, !words[0].contains(" ") {
                    offer.refs[name] = String(words[0])
                } else {
                    offer.refused.append(name)
                }
            }
        }
        guard offer.refs.count <= Self.refLimit else {
            throw MirrorFailure("The repository has more than \(Self.refLimit) branches and tags.")
        }
        if let head = offer.head, offer.refs[head] == nil || !head.hasPrefix(RefName.branches) {
            offer.head = nil
        }
        return offer
    }
}
