import Core
import HTTPTypes
import Testing

@testable import HTTP

@Suite struct IntendedPathTests {
    private static func routes(_ prefix: String = "", hasMLflowPages: Bool = false) -> Routes {
        let pages = hasMLflowPages ? [Endpoint(.get, "", in: .mlflowPages, needs: .read) { _ in .empty }] : []
        return Routes(
            [
                Endpoint(.get, ":owner", in: .site, needs: .open) { _ in .empty },
                Endpoint(.get, "explore", in: .site, needs: .open) { _ in .empty },
                Endpoint(.get, "", in: .repositoryPages, needs: .read) { _ in .empty },
                Endpoint(.get, "releases", in: .repositoryPages, needs: .read) { _ in .empty },
                Endpoint(.get, "info/refs", in: .git, needs: .read) { _ in .empty },
                Endpoint(.get, "runs/get", needs: .read) { _ in .empty },
                Endpoint(.get, "repos/:owner/:repo", in: .hub, needs: .read) { _ in .empty },
                Endpoint(.post, "star", in: .repositoryPages, needs: .read) { _ in .empty },
            ] + pages,
            prefix: prefix
        )
    }

    @Test(arguments: [
        ("/ann/iris.git", "/ann/iris"), ("/ann/iris.git/", "/ann/iris"), ("/ann/iris.mlflow", "/ann/iris"),
        ("/ann/iris.v2.git", "/ann/iris.v2"), ("/ann/iris/", "/ann/iris"), ("/ann/", "/ann"),
        ("/explore/", "/explore"), ("/ann/iris/releases/", "/ann/iris/releases"),
        ("/api/v1/repos/ann/iris/", "/api/v1/repos/ann/iris"),
    ])
    func `what people write leads to what they mean`(path: String, expected: String) {
        #expect(Self.routes().intended(by: path) == expected)
        #expect(Self.routes("/p").intended(by: "/p" + path) == "/p" + expected)
    }

    @Test(arguments: [
        "//evil.example/", "//evil.example/x.git", "/\\evil.example/", "//evil.example/iris.mlflow", "/%",
        "/ann/iris.git/info", "/ann/iris.git/HEAD", "/ann/iris.dvc", "/ann/iris.mlflow/api",
        "/ann/iris/star/",
        "/api/2.0/mlflow/runs/get/", "/api/v1/", "/ajax-api/2.0/",
        "/ann/iris.mlflow/api/2.0/mlflow/runs/get/",
        "/ann/iris//", "/",
    ])
    func `nothing else leads anywhere, least of all to another server`(path: String) {
        #expect(Self.routes().intended(by: path) == nil)
    }

    @Test func `the address of a tracking server leads to its pages where there are some`() {
        #expect(Self.routes(hasMLflowPages: true).intended(by: "/ann/iris.mlflow") == "/ann/iris.mlflow/")
    }
}
