import Core
import Testing

@testable import Tracking

@Suite struct ArtifactLocationTests {
    @Test(arguments: [
        ("./x", "/srv/a b/x"), ("x//y/./z/", "/srv/a b/x/y/z"), ("~/x", "/srv/a b/~/x"),
        ("../x", "/srv/a b/../x"),
        ("./x:y", "/srv/a b/x:y"), ("file:rel", "file:///srv/a%20b/rel"),
        ("FILE:./a%20b?x=1", "file:///srv/a%20b/a%20b?x=1"),
        ("/abs//x/", "/abs//x/"), ("file:///x", "file:///x"), ("file:/x", "file:/x"),
        ("s3://b/./k", "s3://b/./k"),
        ("mlflow-artifacts:/x", "mlflow-artifacts:/x"), ("dbfs:x", "dbfs:x"),
    ])
    func `what is of this machine becomes absolute`(location: String, absolute: String) {
        #expect(ArtifactLocation.absolute(location, in: "/srv/a b") == absolute)
    }

    @Test func `a new experiment keeps no relative location`() throws {
        let new = try NewExperiment(checkedName: "iris", artifactLocation: "./x", tags: [])
        #expect(new.artifactLocation == ArtifactLocation.absolute("x", in: WorkingFolder.path))

        // Its limit holds for what is stored.
        let long = String(repeating: "x", count: 2_048)
        #expect(throws: Failure.self) {
            try NewExperiment(checkedName: "iris", artifactLocation: long, tags: [])
        }
    }
}
