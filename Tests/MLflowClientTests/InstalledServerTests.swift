import Foundation
import MLflowClient
import Testing

/// Against the `mlflow` whose path `ROOST_TEST_MLFLOW` holds.
@Suite
struct InstalledServerTests {
    private static let program = ProcessInfo.processInfo.environment["ROOST_TEST_MLFLOW"]

    @Test(.enabled(if: program != nil), .timeLimit(.minutes(3)))
    func `a new server of MLflow has the default experiment and nothing in it`() async throws {
        let program = try #require(Self.program)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = Int.random(in: 30_000..<60_000)
        let server = Process()
        server.executableURL = URL(fileURLWithPath: program)
        server.currentDirectoryURL = folder
        server.arguments = [
            "server", "--port", "\(port)", "--workers", "1", "--backend-store-uri",
            "sqlite:///\(folder.path)/mlflow.db",
        ]
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer { server.terminate() }
        let client = try MLflowClient(
            address: "http://127.0.0.1:\(port)",
            retries: RetryPolicy(limit: 300, pauseSeconds: 0.5, jitterSeconds: 0, awaitsServer: true)
        )

        let version = try await client.version()
        let experiment = try await client.experiment("0")
        var runs = 0
        for try await _ in client.runs(of: ["0"], view: .all) { runs += 1 }
        let missing = await #expect(throws: MLflowError.self) { try await client.run("nothing") }
        let files = try await client.artifacts(of: .proxy(folder: "nowhere"))

        #expect(version.first?.isNumber == true)
        #expect(experiment.name == "Default")
        #expect(runs == 0)
        #expect(missing?.isMissing == true)
        #expect(files.isEmpty)
    }
}
