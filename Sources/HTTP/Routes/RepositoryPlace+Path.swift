package import Accounts

extension RepositoryPlace {
    /// A path that named a repository by a former address, with its address of now.
    ///
    /// The names in it may be written in percents and in other letters; what follows them stays as it was sent.
    ///
    /// - Parameters:
    ///   - target: What the path was understood to name.
    ///   - path: The path as it was sent.
    /// - Returns: Nil where the path does not hold the names.
    package func path(inPlaceOf target: Target, in path: String) -> String? {
        guard case .repository(let formerOwner, let formerName) = target else { return nil }
        var segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for index in segments.indices.dropLast() {
            guard PercentEncoding.decoded(segments[index].utf8) == formerOwner,
                let segment = PercentEncoding.decoded(segments[index + 1].utf8),
                segment == formerName || segment.hasPrefix(formerName + ".")
            else { continue }
            segments[index] = owner
            segments[index + 1] = name + segment.dropFirst(formerName.count)
            return segments.joined(separator: "/")
        }
        return nil
    }
}
