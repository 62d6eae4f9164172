import ArgumentParser

/// Measures Roost beside `mlflow server`, FastTrackML and the limits of the machine, all in one run.
@main
struct RoostBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-bench",
        abstract: "Measures any MLflow-compatible server beside its peers, in one run on one machine.",
        subcommands: [
            CompareCommand.self, ClientCommand.self, FixedAnswerCommand.self,
            LargeRepositoryCommand.self,
        ],
        defaultSubcommand: CompareCommand.self
    )
}
