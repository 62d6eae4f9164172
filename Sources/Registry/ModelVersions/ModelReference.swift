import Core

/// What an address of the form `models:/…` names.
///
/// - Source: MLflow 3.17, `mlflow/store/artifact/utils/models.py`, `_parse_model_uri`.
package enum ModelReference: Sendable, Hashable {
    /// `models:/m-…`
    case loggedModel(String)
    /// `models:/name/3`
    case version(name: String, number: String)
    /// `models:/name/Production`
    case stage(name: String, stage: String)
    /// `models:/name/latest`
    case latest(name: String)
    /// `models:/name@champion`
    case alias(name: String, alias: String)

    /// Reads `models:/…`, whoever's registry it is in; nil for a text that is no such address.
    package init?(uri: String) {
        let scheme = "models:"
        guard uri.hasPrefix(scheme) else { return nil }
        self.init(path: String(uri.dropFirst(scheme.count)))
    }

    /// Nil for a path that names nothing; it is what stands behind the scheme, with its slash.
    init?(path: String) {
        guard path.hasPrefix("/") else { return nil }
        let parts = path.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false).map(
            String.init
        )
        guard (1...2).contains(parts.count), !parts.contains(where: Self.isBlank) else { return nil }
        if parts.count == 2 {
            let (name, suffix) = (parts[0], parts[1])
            if suffix.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .decimalNumber }) {
                self = .version(name: name, number: suffix)
            } else {
                self =
                    suffix.lowercased() == "latest" ? .latest(name: name) : .stage(name: name, stage: suffix)
            }
        } else if let at = parts[0].lastIndex(of: "@") {
            let alias = String(parts[0][parts[0].index(after: at)...])
            guard !Self.isBlank(alias) else { return nil }
            self = .alias(name: String(parts[0][..<at]), alias: alias)
        } else {
            self = .loggedModel(parts[0])
        }
    }

    /// The registered model; nil for a logged model.
    package var modelName: String? {
        switch self {
        case .loggedModel: nil
        case .version(let name, _), .stage(let name, _), .latest(let name), .alias(let name, _): name
        }
    }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}
