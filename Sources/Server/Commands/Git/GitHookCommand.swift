import ArgumentParser
import Glibc
import Repositories

/// `roost git-hook pre-receive`: what `git` starts while a push is judged; nobody calls it by hand.
struct GitHookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git-hook",
        abstract: "Judge a push for git.",
        shouldDisplay: false
    )

    enum Hook: String, ExpressibleByArgument {
        case preReceive = "pre-receive"
    }

    @Argument var hook: Hook

    func run() async throws {
        let reasons = try await PushGuard.judge(Self.standardInput())
        guard !reasons.isEmpty else { return }
        let text = Array(reasons.map { $0 + "\n" }.joined().utf8)
        _ = write(STDERR_FILENO, text, text.count)
        throw ExitCode.failure
    }

    private static func standardInput() -> [UInt8] {
        var input: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            guard count > 0 else { return input }
            input += piece[..<count]
        }
    }
}
