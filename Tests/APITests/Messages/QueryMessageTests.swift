import API
import Core
import HTTP
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@Suite struct QueryMessageTests {
    @Test(arguments: [
        ("?name=a%20b+c%2B&ids=1&ids=2&flag=TRUE&n=7", #"["a b c+","1,2","true","7"]"#),
        ("?name=%E2%82%AC&ids=x", #"["€","x","nil","nil"]"#),
        ("?name=first&name=second", #"["first","","nil","nil"]"#),
        ("?name", #"["","","nil","nil"]"#),
        ("?name=%zz", #"["%zz","","nil","nil"]"#),
        ("?Name=x&name=y=z", #"["y=z","","nil","nil"]"#),
    ])
    func `a GET carries its message in the query`(query: String, fields: String) async throws {
        try await application.test(.router) { client in
            let response = try await client.execute(uri: "/show" + query, method: .get)
            #expect(String(buffer: response.body) == fields)
        }
    }

    @Test func `a GET without a query may have a body`() async throws {
        try await application.test(.router) { client in
            let response = try await client.execute(
                uri: "/show",
                method: .get,
                body: ByteBuffer(string: #"{"name": "x", "flag": true}"#)
            )
            #expect(String(buffer: response.body) == #"["x","","true","nil"]"#)
        }
    }

    @Test func `a boolean that is none is refused in MLflow's words`() async throws {
        try await application.test(.router) { client in
            let response = try await client.execute(uri: "/show?flag=maybe", method: .get)
            #expect(response.status == .badRequest)
            #expect(
                String(buffer: response.body)
                    == #"{"error_code":"INVALID_PARAMETER_VALUE","message":"Invalid boolean value: maybe, "#
                    + #"must be 'true' or 'false'."}"#
            )
        }
    }
}

private let application = Application(
    responder: FrontDoor(
        routes: Routes([
            Endpoint(.get, "show", in: .root, needs: .open) { call in
                let message = try await call.message()
                let fields = [
                    try message.string("name") ?? "nil", try message.strings("ids").joined(separator: ","),
                    try message.boolean("flag").map(String.init) ?? "nil",
                    try message.integer("n").map(String.init) ?? "nil",
                ]
                return .text(JSON.array(fields.map(JSON.string)).text)
            }
        ]),
        gate: Gate(always: Caller(name: "local", workspace: .standard))
    )
)
