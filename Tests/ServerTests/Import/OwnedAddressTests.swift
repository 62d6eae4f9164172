import Testing

@testable import Server

@Suite struct OwnedAddressTests {
    private static let id = "0123456789abcdef0123456789abcdef"

    @Test(
        arguments: [
            ("mlflow-artifacts:/1/\(id)/artifacts/model", .run(id), ["model"]),
            ("file:///srv/mlruns/1/\(id)/artifacts", .run(id), []),
            ("/srv/mlruns/1/\(id)/artifacts/a/b/", .run(id), ["a", "b"]),
            ("mlflow-artifacts:/1/models/m-\(id)/artifacts", .loggedModel("m-\(id)"), []),
            ("mlflow-artifacts:/1/models/m-\(id)/artifacts/data", .loggedModel("m-\(id)"), ["data"]),
        ] as [(String, OwnedAddress.Owner, [String])]
    )
    func `an address names the run or model in which it lies`(
        _ text: String,
        _ owner: OwnedAddress.Owner,
        _ rest: [String]
    ) throws {
        let address = try #require(OwnedAddress(text))

        #expect(address.owner == owner)
        #expect(address.rest == rest)
    }

    @Test(arguments: [
        "s3://bucket/model", "/artifacts/x", "artifacts", "runs:/\(id)/model", "models:/m-\(id)", "",
    ])
    func `other addresses name nobody`(_ text: String) {
        #expect(OwnedAddress(text) == nil)
    }
}
