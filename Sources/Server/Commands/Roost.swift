package import ArgumentParser

/// The program: a subcommand for each thing that it does.
package struct Roost: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "roost",
        abstract: "The MLflow service in one program: experiments, runs, metrics, models and artifacts.",
        version: version,
        subcommands: [
            ServeCommand.self, ImportCommand.self, GcCommand.self, RegistryCommand.self, ModelsCommand.self,
            AdminCommand.self, VersionCommand.self, GitHookCommand.self, SSHKeysCommand.self,
            SSHServeCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    package static let version = "0.1.0"

    package init() {}

    /// Does what the command line says, and exits.
    package static func run() async { await main() }
}
