import ArgumentParser
import Glibc

/// Writes the large repository that Git is measured with.
struct LargeRepositoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "large-repository",
        abstract: "Writes a large Git history to standard output, for git fast-import --done.",
        discussion: """
            git init --bare large.git
            roost-bench large-repository | git -C large.git fast-import --done
            """
    )

    @Option(help: "How many commits it has.")
    var commits = 20_000

    @Option(help: "How many files its largest folder has.")
    var files = 5_000

    @Option(help: "How many megabytes of contents it has.")
    var megabytes = 500

    func validate() throws {
        guard commits > 0, files > 0, megabytes > 0 else {
            throw ValidationError("every number is above zero")
        }
    }

    func run() throws {
        let repository = LargeRepository(
            commitCount: commits,
            fileCount: files,
            sizeBytes: megabytes * 1_000_000
        )
        try repository.forEachPiece { piece in
            var rest = piece[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard written > 0 else {
                    throw BenchFailure("nobody reads the stream: \(String(cString: strerror(errno)))")
                }
                rest = rest.dropFirst(written)
            }
        }
    }
}
