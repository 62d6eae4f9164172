package import Accounts
package import Core
package import HTTPTypes

/// Finds the endpoint of a path: by one look-up where the path has no parameters, else segment by segment.
///
/// Literal segments go before parameters, and parameters before `**`. The address of a service of a repository, such as
/// `/ann/iris.mlflow`, is one literal segment in patterns, `{repository}.mlflow`.
package struct Routes: Sendable {
    /// What stands at a path.
    package enum Match {
        case found(Route, PathParameters, Target)
        /// There is something, but not for this method.
        case otherMethods([HTTPRequest.Method])
        case nothing
        /// A segment is not percent-encoded UTF-8.
        case malformed
    }

    /// An endpoint at one of its addresses.
    package struct Route: Sendable {
        package let endpoint: Endpoint
        /// The whole address with its parameters by name; what metrics and logs call the route.
        package let pattern: String
        package let measures: RouteMeasures
        /// In the order in which they stand in the pattern.
        fileprivate let parameterNames: [Substring]
        private let naming: Naming

        /// How an address says what it is about.
        private enum Naming {
            case standard, address, repository, organization, nothing
        }

        package init(_ endpoint: Endpoint, at pattern: String) {
            self.endpoint = endpoint
            self.pattern = pattern
            measures = RouteMeasures(method: endpoint.method.rawValue, route: pattern)
            let segments = pattern[...].segments.filter { !$0.isEmpty }
            parameterNames = segments.filter { $0.hasPrefix(":") || $0 == "**" }.map {
                $0 == "**" ? $0 : $0.dropFirst()
            }
            naming =
                if segments.contains(where: { $0.hasPrefix(Self.repositorySegment) }) {
                    .address
                } else if segments.contains(":owner"), segments.contains(":repo") {
                    .repository
                } else if segments.contains(":org") {
                    .organization
                } else { endpoint.place.isOfWorkspace ? .standard : .nothing }
            // Security: a server with a row whose right cannot be checked does not start.
            precondition(isSound, "\(pattern) cannot need the right \(endpoint.right)")
        }

        private static let repositorySegment = Endpoint.Place.repository.dropFirst() + "."

        /// Whether owner and name stand in one part of its path, which tells the service as well.
        fileprivate var isByAddress: Bool { naming == .address }

        private var isSound: Bool {
            switch endpoint.right {
            case .open: true
            case .signedIn, .serverAdmin:
                naming == .nothing || naming == .standard && endpoint.right == .signedIn
            case .read, .write, .admin: naming == .standard || naming == .address || naming == .repository
            case .member, .manage: naming == .organization
            }
        }

        /// What a request to this route is about.
        fileprivate func target(_ parameters: PathParameters, _ address: RepositoryAddress?) -> Target {
            switch naming {
            case .standard: return .standard
            case .nothing: return .server
            case .organization: return .organization(parameters["org"] ?? "")
            case .repository:
                return .repository(owner: parameters["owner"] ?? "", name: parameters["repo"] ?? "")
            case .address:
                guard let address else { preconditionFailure("\(pattern) was reached without its address") }
                return .repository(owner: address.owner, name: address.name)
            }
        }
    }

    /// What is reached by its own address, and what by that of a repository; no path of the one leads into the other.
    private var plain = Table()
    private var ofRepositories = Table()
    let prefix: String

    /// - Parameters:
    ///   - endpoints: The table.
    ///   - prefix: What stands before every address, such as `/mlflow`; empty for nothing.
    package init(_ endpoints: [Endpoint], prefix: String = "") {
        self.prefix = prefix
        for endpoint in endpoints {
            for base in endpoint.place.bases { add(endpoint, at: address(of: endpoint, below: base)) }
        }
    }

    /// The page of a thing has no slash at its end; below one, MLflow's pages find their files.
    private func address(of endpoint: Endpoint, below base: String) -> String {
        endpoint.path.isEmpty && endpoint.place.isPage && !base.isEmpty
            ? prefix + base : prefix + base + "/" + endpoint.path
    }

    /// The addresses of all routes, for tests that walk through them.
    package var all: [(method: HTTPRequest.Method, pattern: String, right: Right)] {
        (plain.all + ofRepositories.all).map { ($0.endpoint.method, $0.pattern, $0.endpoint.right) }
    }

    package func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        if let address = RepositoryAddress(path, prefix: prefix) {
            let inner = prefix + Endpoint.Place.repository + address.ending + address.rest
            return match(method, ofRepositories.find(inner), address)
        }
        return match(method, plain.find(path), nil)
    }

    private func match(
        _ method: HTTPRequest.Method,
        _ found: Table.Found?,
        _ address: RepositoryAddress?
    ) -> Match {
        guard let found else { return .nothing }
        let routes = found.routes
        let wanted = method == .head && !routes.contains { $0.endpoint.method == .head } ? .get : method
        guard let route = routes.first(where: { $0.endpoint.method == wanted }) else {
            // A page of anybody's name is at almost every address; for programs nothing is there.
            return routes.allSatisfy(\.endpoint.place.isPage)
                ? .nothing : .otherMethods(routes.map(\.endpoint.method))
        }
        guard let parameters = PathParameters(names: route.parameterNames, values: found.values) else {
            return .malformed
        }
        return .found(route, parameters, route.target(parameters, address))
    }

    private mutating func add(_ endpoint: Endpoint, at pattern: String) {
        let route = Route(endpoint, at: pattern)
        if route.isByAddress {
            ofRepositories.add(route)
        } else {
            plain.add(route)
        }
    }
}

/// Routes by their patterns.
private struct Table: Sendable {
    private var exact: [String: [Routes.Route]] = [:]
    private var root = Node()

    /// The routes of a path, and what stands in it where their patterns have parameters, still encoded; each route has its
    /// own names for these.
    struct Found {
        let routes: [Routes.Route]
        var values: [Substring] = []
    }

    var all: [Routes.Route] { exact.values.flatMap { $0 } + root.all }

    mutating func add(_ route: Routes.Route) {
        let segments = route.pattern.dropFirst().segments
        if segments.contains(where: { $0.hasPrefix(":") || $0 == "**" }) {
            root.add(route, segments[...])
        } else {
            exact[route.pattern, default: []].append(route)
        }
    }

    func find(_ path: String) -> Found? {
        if let routes = exact[path] { return Found(routes: routes) }
        var values: [Substring] = []
        guard let routes = root.find(path.dropFirst(), &values) else { return nil }
        return Found(routes: routes, values: values)
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

extension Substring {
    /// What stands between the slashes of a pattern.
    fileprivate var segments: [Substring] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Substring($0) }
    }
}
