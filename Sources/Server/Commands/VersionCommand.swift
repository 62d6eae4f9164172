import API
import ArgumentParser

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of Roost and of the MLflow whose service it gives."
    )

    func run() {
        print("roost \(Roost.version), MLflow \(ServerEndpoints.mlflowVersion)")
    }
}
