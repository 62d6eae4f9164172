import ObjectStore
import Testing

@testable import API

@Suite struct ArtifactRootsTests {
    @Test(arguments: [
        ("mlflow-artifacts:/0/r/artifacts", "0/r/artifacts"), ("mlflow-artifacts://host:5000/0/r", "0/r"),
        ("mlflow-artifacts:/", nil), ("http://h/api/2.0/mlflow-artifacts/artifacts/0/r", "0/r"),
        ("https://h/p/api/2.0/mlflow-artifacts/artifacts/0/r", "0/r"), ("http://h/other/0/r", nil),
        ("s3://bucket/0/r", nil), ("file:///etc", nil), ("/etc", nil), ("", nil),
        ("mlflow-artifacts:/0/../../x", nil), ("mlflow-artifacts:/0/%2e%2e/x", nil),
    ])
    func `a root is a folder of this store or nothing to us`(root: String, path: String?) {
        #expect(ArtifactRoots.path(of: root)?.text == path)
    }
}
