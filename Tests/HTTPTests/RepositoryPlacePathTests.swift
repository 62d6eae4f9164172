import Core
import Testing

@testable import HTTP
@testable import Accounts

@Suite struct RepositoryPlacePathTests {
    private static let place = RepositoryPlace(
        workspace: WorkspaceID(key: 7),
        ownerID: AccountID(key: 1),
        owner: "lab",
        name: "wine",
        isPublic: true,
        isArchived: false
    )

    @Test(arguments: [
        ("/api/v1/repos/ann/iris/commits", "/api/v1/repos/lab/wine/commits"),
        ("/api/v1/repos/ann/iri%73/a%2Fb", "/api/v1/repos/lab/wine/a%2Fb"),
        ("/ann/iris.git/info/refs", "/lab/wine.git/info/refs"),
        ("/ann/iris.mlflow/api/2.0/mlflow/runs/get", "/lab/wine.mlflow/api/2.0/mlflow/runs/get"),
        ("/p/ann/iris/info/refs", "/p/lab/wine/info/refs"),
    ])
    func `a former address leads to that of now, however it is written`(path: String, expected: String) {
        let target = Target.repository(owner: "ann", name: "iris")
        #expect(Self.place.path(inPlaceOf: target, in: path) == expected)
    }

    @Test(arguments: ["/", "", "/ann", "/ann/irises", "/ann%2Firis", "/%zz/iris"])
    func `a path without the names leads nowhere`(path: String) {
        #expect(Self.place.path(inPlaceOf: .repository(owner: "ann", name: "iris"), in: path) == nil)
        #expect(Self.place.path(inPlaceOf: .standard, in: path) == nil)
    }

    @Test(
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("192.0.2.7:4711", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "20:1:d:b8:0:0:0:0::/64"), ("[2001:db8::2]:4711", "20:1:d:b8:0:0:0:0::/64"),
            ("", nil),
            ("unknown", nil), ("1.2.3", nil), ("1.2.3.4:5:6", nil),
        ] as [(String, String?)]
    )
    func `a client is counted by one address, however a proxy writes it`(written: String, counted: String?) {
        #expect(ClientAddress.normalized(written) == counted)
    }
}
