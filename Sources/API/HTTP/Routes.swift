package import HTTPTypes

/// Finds the endpoint of a path: by one look-up where the path has no parameters, else segment by segment.
///
/// Literal segments go before parameters, and parameters before `**`.
package struct Routes: Sendable {
    /// What stands at a path.
    enum Match {
        case found(Route, PathParameters)
        /// There is something, but not for this method.
        case otherMethods([HTTPRequest.Method])
        case nothing
        /// A segment is not percent-encoded UTF-8.
        case malformed
    }

    /// An endpoint at one of its addresses.
    struct Route: Sendable {
        let endpoint: Endpoint
        /// The whole address with its parameters by name; what metrics and logs call the route.
        let pattern: String
        let measures: RouteMeasures
    }

    private var exact: [String: [Route]] = [:]
    private var root = Node()

    /// - Parameters:
    ///   - endpoints: The table.
    ///   - prefix: What stands before every address, such as `/mlflow`; empty for nothing.
    package init(_ endpoints: [Endpoint], prefix: String = "") {
        for endpoint in endpoints {
            for base in endpoint.place.bases { add(endpoint, at: prefix + base + "/" + endpoint.path) }
        }
    }

    /// The addresses of all routes, for tests that walk through them.
    package var all: [(method: HTTPRequest.Method, pattern: String, right: Endpoint.Right)] {
        (exact.values.flatMap { $0 } + root.all).map { ($0.endpoint.method, $0.pattern, $0.endpoint.right) }
    }

    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        if let routes = exact[path] { return choose(routes, method, PathParameters()) }
        var values: [Substring] = []
        guard let routes = root.find(path.dropFirst(), &values) else { return .nothing }
        guard let parameters = PathParameters(names: routes[0].parameterNames, values: values) else {
            return .malformed
        }
        return choose(routes, method, parameters)
    }

    private func choose(
        _ routes: [Route],
        _ method: HTTPRequest.Method,
        _ parameters: PathParameters
    ) -> Match {
        let wanted = method == .head && !routes.contains { $0.endpoint.method == .head } ? .get : method
        guard let route = routes.first(where: { $0.endpoint.method == wanted }) else {
            return .otherMethods(routes.map(\.endpoint.method))
        }
        return .found(route, parameters)
    }

    private mutating func add(_ endpoint: Endpoint, at pattern: String) {
        let route = Route(
            endpoint: endpoint,
            pattern: pattern,
            measures: RouteMeasures(method: endpoint.method.rawValue, route: pattern)
        )
        let segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if segments.contains(where: { $0.hasPrefix(":") || $0 == "**" }) {
            root.add(route, segments[...])
        } else {
            exact[pattern, default: []].append(route)
        }
    }
}

extension Routes.Route {
    fileprivate var parameterNames: [Substring] {
        pattern.split(separator: "/").filter { $0.hasPrefix(":") || $0 == "**" }.map {
            $0 == "**" ? $0 : $0.dropFirst()
        }
    }
}

/// One segment of the patterns with parameters.
private struct Node: Sendable {
    private var routes: [Routes.Route] = []
    private var literals: [Substring: Node] = [:]
    private var parameter: [Node] = []
    private var rest: [Routes.Route] = []

    var all: [Routes.Route] {
        routes + rest + literals.values.flatMap(\.all) + parameter.flatMap(\.all)
    }

    mutating func add(_ route: Routes.Route, _ segments: ArraySlice<Substring>) {
        guard let first = segments.first else { return routes.append(route) }
        if first == "**" {
            rest.append(route)
        } else if first.hasPrefix(":") {
            if parameter.isEmpty { parameter.append(Node()) }
            parameter[0].add(route, segments.dropFirst())
        } else {
            literals[first, default: Node()].add(route, segments.dropFirst())
        }
    }

    /// Finds the routes for what is left of a path.
    ///
    /// `values` takes the segments that parameters stand for, still encoded.
    func find(_ path: Substring?, _ values: inout [Substring]) -> [Routes.Route]? {
        guard let path else { return routes.isEmpty ? nil : routes }
        let end = path.utf8.firstIndex(of: UInt8(ascii: "/"))
        let segment = path[..<(end ?? path.endIndex)]
        let tail = end.map { path[path.utf8.index(after: $0)...] }
        let count = values.count
        if let found = literals[segment]?.find(tail, &values) { return found }
        if let next = parameter.first, !segment.isEmpty {
            values.append(segment)
            if let found = next.find(tail, &values) { return found }
            values.removeSubrange(count...)
        }
        guard !rest.isEmpty else { return nil }
        values.append(path)
        return rest
    }
}
