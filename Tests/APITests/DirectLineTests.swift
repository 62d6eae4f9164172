import API
import Core
import HTTP
import HTTPTypes
import Testing

@Suite struct DirectLineTests {
    @Test func `a call within the program is answered as one from outside`() async throws {
        try await withMLflow(registryEndpoints) { server in
            try await server.makeVersions(1)
            let line = DirectLine(registryEndpoints(server.tracking, server.registry), caller: server.caller)

            let answer = try await line.ask(
                .post,
                "/api/2.0/mlflow/registered-models/alias",
                .object([
                    JSON.Member(key: "name", value: .string("iris")),
                    JSON.Member(key: "alias", value: .string("champion")),
                    JSON.Member(key: "version", value: .string("1")),
                ])
            )
            let name = JSON.object([JSON.Member(key: "name", value: .string("iris"))])
            let model = try await line.ask(.get, "/api/2.0/mlflow/registered-models/get", name)

            #expect(String(decoding: answer, as: UTF8.self) == "{}")
            let outside = try await server.ask(.get, "registered-models/get?name=iris")
            #expect(String(decoding: model, as: UTF8.self) == outside.body)
        }
    }

    @Test func `a refusal is thrown as it is`() async throws {
        try await withMLflow(registryEndpoints) { server in
            let line = DirectLine(registryEndpoints(server.tracking, server.registry), caller: server.caller)
            let name = JSON.object([JSON.Member(key: "name", value: .string("iris"))])

            let failure = await #expect(throws: Failure.self) {
                try await line.ask(.get, "/api/2.0/mlflow/registered-models/get", name)
            }
            #expect(failure?.code == .missing)
        }
    }
}
