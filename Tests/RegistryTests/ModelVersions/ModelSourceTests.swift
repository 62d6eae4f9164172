import Core
import Registry
import Testing

@Suite struct ModelSourceTests {
    private static let run = "0a1b"
    private static let root = "mlflow-artifacts:/1/0a1b/artifacts"

    @Test(
        arguments: [
            "s3://bucket/model", "dbfs:/x/y", "gs://b//a/", "runs:/0a1b/model", "runs:/0a1b",
            "models:/iris/3",
            "mlflow-artifacts:/1/0a1b/artifacts", "mlflow-artifacts:/1/0a1b/artifacts/model",
            "mlflow-artifacts:/1/%30a1b/artifacts/model",
        ]
    )
    func `a source elsewhere or within its run is taken`(_ text: String) throws {
        try ModelSource(text).check(runID: Self.run, root: Self.root)
    }

    @Test(
        arguments: [
            "mlflow-artifacts:/1/0a1b", "mlflow-artifacts:/1/0a1b/artifactsx", "mlflow-artifacts:/",
            "mlflow-artifacts:/1/0a1b/artifacts/../../2", "mlflow-artifacts:/1/0a1b/artifacts/%2e%2e/x",
            "mlflow-artifacts:/1/0a1b/artifacts/%252e%252e/x", "mlflow-artifacts:/1/0a1b/artifacts%00",
            "mlflow-artifacts:/1/0a1b/artifacts?/../../x", "MLFLOW-ARTIFACTS:/2/other/artifacts",
            "mlflow-artifacts://host/1/0a1b/artifacts", "mlflow-artifacts:1/0a1b/artifacts",
            "http://host/api/2.0/mlflow-artifacts/artifacts/1/0a1b/artifacts", "runs:/0a1c/model",
            "runs://host/0a1b/model", "models:/m-1", "models://host/iris/3", "models:/", "models:/a/b/c",
            "/srv/model", "model", "../model", "file:///srv/model", "s3://bucket", "s3://b/./a", "s3:a", "",
            "s3://b/a\nb", "s3://b/" + String(repeating: "a", count: 2_048),
        ]
    )
    func `a source that is another's, a path or can be read in two ways is refused`(_ text: String) {
        #expect(throws: Failure.self) { try ModelSource(text).check(runID: Self.run, root: Self.root) }
    }

    @Test(
        arguments: [
            ("models:/C# model/2", .version(name: "C# model", number: "2")),
            ("models:/C#@champion", .alias(name: "C#", alias: "champion")),
            ("models:/iris/1?x=#", .version(name: "iris", number: "1")),
            ("MODELS:/iris/1#x", .stage(name: "iris", stage: "1#x")),
        ] as [(String, ModelReference)]
    )
    func `a number sign is a part of a model's name`(_ text: String, _ reference: ModelReference) throws {
        #expect(try ModelSource(text).reference() == reference)
    }

    @Test func `a path is taken within the folder of its run`() throws {
        for text in [
            "/srv/1/0a1b/artifacts/model", "file:///srv/1/0a1b/artifacts", "/srv/1/./0a1b/artifacts/m",
        ] {
            try ModelSource(text).check(runID: Self.run, root: "/srv/1/0a1b/artifacts")
            try ModelSource(text).check(runID: Self.run, root: "file:///srv/1/0a1b/artifacts")
        }
        for text in ["/srv/1/0a1b/artifacts/../x", "/srv/1/0a1b/artifacts/%2e%2e/x", "srv/1/0a1b/artifacts"] {
            #expect(throws: Failure.self) {
                try ModelSource(text).check(runID: Self.run, root: "/srv/1/0a1b/artifacts")
            }
        }
    }

    @Test func `without a run nothing of this server is taken`() {
        for text in [Self.root, "runs:/0a1b/model", "/srv/model"] {
            #expect(throws: Failure.self) { try ModelSource(text).check(runID: "", root: nil) }
        }
    }

    @Test func `a source of a logged model is that model or lies within it`() throws {
        let root = "mlflow-artifacts:/1/models/m-1/artifacts"
        for text in ["models:/m-1", root, root + "/data", "s3://bucket/model", "models:/iris/3"] {
            try ModelSource(text).check(modelID: "m-1", root: root)
        }
        for text in [
            "models:/m-2", "runs:/0a1b/model", Self.root, "mlflow-artifacts:/1/models/m-1", "/srv/m",
        ] {
            #expect(throws: Failure.self) { try ModelSource(text).check(modelID: "m-1", root: root) }
        }
    }

    @Test(
        arguments: [
            ("models:/m-1", .loggedModel("m-1")), ("models:/iris/3", .version(name: "iris", number: "3")),
            ("models:/iris/Production", .stage(name: "iris", stage: "Production")),
            ("models:/iris/LATEST", .latest(name: "iris")),
            ("models:/iris@champion", .alias(name: "iris", alias: "champion")), ("s3://b/models", nil),
        ] as [(String, ModelReference?)]
    )
    func `an address of a model names it`(_ text: String, _ reference: ModelReference?) throws {
        #expect(try ModelSource(text).reference() == reference)
    }

    @Test func `a prompt has no source`() throws {
        try ModelSource("dummy-source").checkPrompt()
        try ModelSource("prompt-template").checkPrompt()
        #expect(throws: Failure.self) { try ModelSource("s3://b/m").checkPrompt() }
    }
}
