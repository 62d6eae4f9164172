import ArgumentParser
import Hummingbird
import Logging

/// The least that a Hummingbird server can do: read the body, answer with the same bytes each time.
struct FixedAnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fixed-answer", shouldDisplay: false)

    @Option(help: "Port on loopback.")
    var port: Int

    func run() async throws {
        let router = Router()
        let answer = ByteBuffer(string: "{}")
        router.get("**") { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: answer)) }
        router.post("**") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 24)
            return Response(status: .ok, body: ResponseBody(byteBuffer: answer))
        }
        var logger = Logger(label: "fixed-answer")
        logger.logLevel = .warning
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger
        )
        try await application.runService()
    }
}
