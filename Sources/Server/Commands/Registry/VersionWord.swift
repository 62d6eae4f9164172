import ArgumentParser
import Core

/// Which version a command is about: its number, `latest`, or where an alias points, `@champion`.
struct VersionWord: ExpressibleByArgument {
    private let text: String

    init?(argument: String) {
        guard !argument.isEmpty, argument != "@" else { return nil }
        text = argument
    }

    /// The call that answers with the version, as `model_version`.
    func call(of name: String) -> RegistryCall {
        let alias = text.hasPrefix("@") ? String(text.dropFirst()) : text == "latest" ? text : nil
        if let alias {
            return RegistryCall(
                .get,
                "mlflow/registered-models/alias",
                ["name": .string(name), "alias": .string(alias)]
            )
        }
        return RegistryCall(
            .get,
            "mlflow/model-versions/get",
            ["name": .string(name), "version": .string(text)]
        )
    }
}
