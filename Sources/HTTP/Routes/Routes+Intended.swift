import HTTPTypes

extension Routes {
    /// What somebody means who opens the address by which Git or MLflow know a repository, or writes a slash too much.
    ///
    /// Only pages and the hub are meant so; MLflow's clients are told of any other path what an older server tells them.
    ///
    /// - Parameter path: A path at which there is nothing.
    /// - Returns: The path of what is there; nil where nothing is.
    func intended(by path: String) -> String? {
        // Security: `//host` and `/\host` are other servers to a browser.
        guard ReturnAddress(path) != nil else { return nil }
        if let address = RepositoryAddress(path, prefix: prefix),
            [".git", ".mlflow"].contains(address.ending),
            address.rest.isEmpty || address.rest == "/"
        {
            let pages = [path + "/", "\(prefix)/\(address.owner)/\(address.name)"]
            return pages.first { place(at: $0) == .mlflowPages || isPage(at: $0) }
        }
        guard path.hasSuffix("/") else { return nil }
        let shorter = String(path.dropLast())
        let isOfPrograms = ["/api/", "/ajax-api/"].contains { path.hasPrefix(prefix + $0) }
        return place(at: shorter) == .hub || !isOfPrograms && isPage(at: shorter) ? shorter : nil
    }

    private func isPage(at path: String) -> Bool { place(at: path)?.isPage ?? false }

    /// Which kind of thing a browser finds at a path.
    private func place(at path: String) -> Endpoint.Place? {
        guard case .found(let route, _, _) = match(.get, path) else { return nil }
        return route.endpoint.place
    }
}
