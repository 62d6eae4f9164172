package import Core

/// The address at which the files of a new version are said to lie.
///
/// Security: the pages read files of a version by its address, so an address in this server's own store, or on a disk that
/// it shares, must lie within the run or the logged model that the version is said to come from; else a version would be a
/// way to other people's files (CVE-2023-1177 and its kin).
///
/// - Source: MLflow 3.17, `mlflow/server/handlers.py`, `_validate_source_run`, `_validate_source_model`.
package struct ModelSource: Sendable, Hashable {
    /// Far more than the 500 characters that MLflow has a column for.
    private static let limit = 2_048
    private static let promptPlaceholders: Set<String> = ["dummy-source", "prompt-template"]

    package let text: String
    private let address: Address

    /// - Parameters:
    ///   - text: As it was written.
    ///   - pattern: What an operator allows; nil for anything.
    /// - Throws: `Failure.invalid` for a text that can be read in several ways, that the pattern does not match, or that
    ///   names a host to connect to.
    package init(_ text: String, matching pattern: SourcePattern? = nil) throws {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw Failure.invalid("Invalid model version source: it must not hold control characters.")
        }
        guard text.unicodeScalars.count <= Self.limit else {
            throw Failure.invalid("'source' exceeds the maximum length of \(Self.limit) characters")
        }
        try pattern?.check(text)
        try HostPolicy.check(text, field: "source")
        self.text = text
        address = Address(text)
    }

    /// Refuses all but the words that stand for the source of a prompt, which has none.
    package func checkPrompt() throws(Failure) {
        guard Self.promptPlaceholders.contains(text) else {
            throw .invalid("Invalid prompt source: '\(text)'. Prompt sources must use an MLflow placeholder.")
        }
    }

    /// What it names, where it begins with `models:`; nil for other addresses.
    ///
    /// - Throws: `Failure.invalid` for one that names nothing, or something on another server.
    package func reference() throws(Failure) -> ModelReference? {
        guard address.scheme == "models" else { return nil }
        guard address.authority.isEmpty else {
            throw .invalid(
                "Invalid model version source: '\(text)'. Registered model sources must use the active model registry."
            )
        }
        guard let reference = ModelReference(path: address.path) else { throw foreign("model_id") }
        return reference
    }

    /// Whether it can only be judged beside the root of its run or logged model.
    package var needsRoot: Bool { isLocal || address.scheme == "mlflow-artifacts" }

    /// Refuses an address that does not belong to a run.
    ///
    /// - Parameters:
    ///   - runID: The run; empty for none.
    ///   - root: Where its artifacts lie; nil for a run that is not there. Only asked for where `needsRoot` says so.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package func check(runID: String, root: String?) throws(Failure) {
        if isLocal { return try checkLocal(id: runID, "run_id", root: root) }
        try checkPath()
        switch address.scheme {
        case "runs":
            let owner = address.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().first
            guard address.authority.isEmpty, !runID.isEmpty, owner.map(String.init) == runID else {
                throw foreign("run_id")
            }
        case "models":
            if case .loggedModel = try reference() { throw foreign("model_id") }
        case "mlflow-artifacts":
            guard !runID.isEmpty, let root, address.isWithin(Address(root)) else { throw foreign("run_id") }
        default:
            break
        }
    }

    /// Refuses an address that does not belong to a logged model.
    ///
    /// - Parameters:
    ///   - modelID: The logged model.
    ///   - root: Where its artifacts lie; nil for one that is not there. Only asked for where `needsRoot` says so.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package func check(modelID: String, root: String?) throws(Failure) {
        if isLocal { return try checkLocal(id: modelID, "model_id", root: root) }
        try checkPath()
        switch address.scheme {
        case "runs":
            throw foreign("model_id")
        case "models":
            if case .loggedModel(let id) = try reference(), id != modelID { throw foreign("model_id") }
        case "mlflow-artifacts":
            guard let root, address.isWithin(Address(root)) else { throw foreign("model_id") }
        default:
            break
        }
    }

    private var isLocal: Bool { address.isLocal }

    /// A path on a disk that the server shares with its clients; nothing is opened by it.
    private func checkLocal(id: String, _ parameter: String, root: String?) throws(Failure) {
        if !id.isEmpty, root == nil { throw foreign(parameter) }
        if !id.isEmpty, let root, case let root = Address(root), root.isLocal, address.isWithin(root) {
            return
        }
        throw .invalid(
            "Invalid model version source: '\(text)'. To use a local path as a model version source, the \(parameter) "
                + "request parameter has to be specified and the local path has to be contained within the artifact "
                + "directory of the run specified by the \(parameter)."
        )
    }

    /// Refuses what would be another path once it is decoded.
    private func checkPath() throws(Failure) {
        let decoded = PercentText.decoded(text)
        let path = Address(decoded).path
        let steps = path.split(separator: "/")
        guard path.hasPrefix("/"), !steps.isEmpty, !steps.contains("."),
            !decoded.split(separator: "/").contains(".."), !decoded.utf8.contains(0)
        else {
            throw .invalid(
                "Invalid model version source: '\(text)'. If supplying a source as an http, https, local file path, "
                    + "ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative "
                    + "path references present. Please provide an absolute path."
            )
        }
    }

    private func foreign(_ parameter: String) -> Failure {
        .invalid(
            "Invalid model version source: '\(text)'. The \(parameter) request parameter must identify the resource that "
                + "contains the source."
        )
    }
}

/// The parts of an address, as `urlsplit` of Python cuts them; a `#` is a part of the path of `models:`, whose names may
/// have one.
private struct Address: Sendable, Hashable {
    /// In small letters; empty for a path.
    let scheme: String
    let authority: String
    let path: String

    init(_ text: String) {
        var rest = text[...]
        var scheme = ""
        if let colon = rest.firstIndex(of: ":"), Self.isScheme(rest[..<colon]) {
            scheme = rest[..<colon].lowercased()
            rest = rest[colon...].dropFirst()
        }
        self.scheme = scheme
        rest = rest.prefix { $0 != "?" && ($0 != "#" || scheme == "models") }
        if rest.hasPrefix("//") {
            let behind = rest.dropFirst(2)
            authority = behind.prefix { $0 != "/" }.lowercased()
            path = String(behind.drop { $0 != "/" })
        } else {
            authority = ""
            path = String(rest)
        }
    }

    var isLocal: Bool { scheme.isEmpty || scheme == "file" }

    /// Whether it is another or lies below it, by whole steps, each decoded to the end.
    func isWithin(_ root: Address) -> Bool {
        let sameScheme =
            isLocal && root.isLocal ? path.hasPrefix("/") == root.path.hasPrefix("/") : scheme == root.scheme
        guard sameScheme, authority == root.authority else { return false }
        let (mine, theirs) = (steps, root.steps)
        guard let mine, let theirs, !theirs.isEmpty else { return false }
        return mine.starts(with: theirs)
    }

    /// Nil where a step leads out or is none.
    private var steps: [String]? {
        let steps = path.split(separator: "/").map { PercentText.decoded($0) }.filter { $0 != "." }
        return steps.contains { $0 == ".." || $0.contains("/") || $0.utf8.contains(0) } ? nil : steps
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
