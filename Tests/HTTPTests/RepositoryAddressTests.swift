import Accounts
import Core
import HTTPTypes
import Testing

@testable import HTTP

@Suite struct RepositoryAddressTests {
    private static let routes = Routes(
        [
            Endpoint(.get, "runs/get", needs: .read) { _ in .empty },
            Endpoint(.get, "artifacts/**", in: .artifacts, needs: .read) { _ in .empty },
            Endpoint(.get, "info/refs", in: .git, needs: .read) { _ in .empty },
            Endpoint(.get, "repos/:owner/:repo", in: .hub, needs: .read) { _ in .empty },
            Endpoint(.get, "orgs/:org/teams", in: .hub, needs: .member) { _ in .empty },
            Endpoint(.get, "user", in: .hub, needs: .signedIn) { _ in .empty },
        ],
        prefix: "/p"
    )

    @Test(
        arguments: [
            ("/p/api/2.0/mlflow/runs/get", .standard),
            ("/p/ann/iris.mlflow/api/2.0/mlflow/runs/get", .repository(owner: "ann", name: "iris")),
            (
                "/p/ann/iris.v2.mlflow/ajax-api/2.0/mlflow/runs/get",
                .repository(owner: "ann", name: "iris.v2")
            ),
            (
                "/p/ann/iris.mlflow/api/2.0/mlflow-artifacts/artifacts/1/a.git/b",
                .repository(owner: "ann", name: "iris")
            ),
            ("/p/ann/iris.git/info/refs", .repository(owner: "ann", name: "iris")),
            ("/p/ann/iris/info/refs", .repository(owner: "ann", name: "iris")),
            ("/p/api/v1/repos/ann/iris", .repository(owner: "ann", name: "iris")),
            ("/p/api/v1/orgs/lab/teams", .organization("lab")),
            ("/p/api/v1/user", .server),
        ] as [(String, Target)]
    )
    func `an address says what it is about`(path: String, target: Target) {
        guard case .found(_, _, let found) = Self.routes.match(.get, path) else {
            Issue.record("\(path) leads nowhere")
            return
        }
        #expect(found == target)
    }

    @Test(
        arguments: [
            "/ann/iris.git/info/refs", "/p/ann/iris.svn/runs/get",
            "/p/ann/iris.git/runs/get", "/p//iris.git/info/refs", "/p/ann/iris.mlflow/info/refs",
            "/p/{repository}.git/info/refs",
        ]
    )
    func `nothing else leads to a repository`(path: String) {
        if case .found(_, _, let target) = Self.routes.match(.get, path) {
            Issue.record("\(path) leads to \(target)")
        }
    }
}
