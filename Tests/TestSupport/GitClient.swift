import Subprocess

/// The stock `git` of a person with an own home, who has no settings but a name.
package struct GitClient: Sendable {
    /// The home; what is cloned lies below it.
    package let home: String

    package init(home: String) {
        self.home = home
    }

    /// What the program said.
    package struct Said: Sendable {
        package let isSuccess: Bool
        package let output: String
        package let error: String
    }

    /// A call that failed; what it said is all there is to know.
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs the program and expects it to succeed.
    ///
    /// - Parameters:
    ///   - arguments: What to do.
    ///   - folder: Where, below the home.
    ///   - input: What it reads.
    /// - Returns: What it writes, without the last line end.
    /// - Throws: `Failed` where it does not succeed.
    @discardableResult
    package func callAsFunction(
        _ arguments: String...,
        in folder: String = ".",
        input: String = ""
    ) async throws -> String {
        let said = try await attempt(arguments, in: folder, input: input)
        guard said.isSuccess else {
            throw Failed(description: "git \(arguments.joined(separator: " ")): \(said.output)\(said.error)")
        }
        return said.output.hasSuffix("\n") ? String(said.output.dropLast()) : said.output
    }

    /// Runs the program, however it ends.
    package func attempt(
        _ arguments: [String],
        in folder: String = ".",
        input: String = ""
    ) async throws -> Said {
        let place = folder.hasPrefix("/") ? folder : "\(home)/\(folder)"
        let result = try await run(
            .name("git"),
            arguments: Arguments(["-C", place] + arguments),
            environment: .custom([
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "GIT_AUTHOR_NAME": "ann",
                "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "ann",
                "GIT_COMMITTER_EMAIL": "ann@example.org", "GIT_CONFIG_COUNT": "2",
                "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main",
                "GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*",
            ]),
            input: .inputWriter,
            output: .string(limit: 16 << 20),
            error: .string(limit: 16 << 20)
        ) { try await $0.tell(input) }
        return Said(
            isSuccess: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            error: result.standardError
        )
    }
}
