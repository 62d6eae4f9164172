import Core
import ObjectStore

/// A folder that holds a model: what it was made with, what it takes and gives, what it needs, and how it is loaded.
struct ModelPreview: Sendable {
    private static let mostText = 64 << 10

    let folder: ArtifactPath?
    let holder: ArtifactHolder
    let trackingURI: String
    let file: BlockYAML
    let requirements: String?
    let example: (path: ArtifactPath, text: String?)?

    /// Reads what `MLmodel` says, and the files beside it that say more.
    static func load(
        _ text: String,
        at folder: ArtifactPath?,
        _ shelf: ArtifactShelf,
        _ holder: ArtifactHolder,
        _ visit: Visit
    ) async throws -> ModelPreview {
        let file = BlockYAML(text)
        func inside(_ name: String) throws -> ArtifactPath {
            try folder.map { try $0.appending(ArtifactPath(name)) } ?? ArtifactPath(name)
        }
        async let requirements = shelf.text(of: inside("requirements.txt"), limit: mostText)
        var example: (ArtifactPath, String?)?
        if let name = file["saved_input_example_info"]?["artifact_path"]?.text, let path = try? inside(name) {
            example = (path, try await shelf.text(of: path, limit: mostText))
        }
        return ModelPreview(
            folder: folder,
            holder: holder,
            trackingURI: visit.trackingURI,
            file: file,
            requirements: try await requirements,
            example: example
        )
    }

    /// The model as MLflow's client names it.
    private var uri: String {
        if holder.kind == .loggedModel, folder == nil { return holder.uri(nil) }
        return holder.uri(folder)
    }

    var html: HTML {
        """
        <section class="model" aria-label="Model">
        <h3>Load it</h3>
        \(CopyBlock(
            """
            import mlflow

            mlflow.set_tracking_uri("\(trackingURI)")
            model = mlflow.pyfunc.load_model(\(PythonText.repr(uri)))
            """
        ).html)
        <h3>Flavors</h3>
        <table class="list dense"><tbody>\((file["flavors"]?.members ?? []).map(flavor))</tbody></table>
        \(schema("Input", "inputs"))
        \(schema("Output", "outputs"))
        \(schema("Params", "params"))
        \(example.map(exampleHTML))
        \(requirements.map { "<h3>Requirements</h3>\(CopyBlock($0).html)" as HTML })
        </section>
        """
    }

    private func flavor(_ flavor: BlockYAML.Member) -> HTML {
        let facts = flavor.value.members.compactMap { member in
            member.value.text.map { "\(member.key): \($0.shortened(to: 200))" }
        }
        return """
            <tr><th scope="row">\(flavor.key)</th><td class="mono">\(facts.map { "<div>\($0)</div>" as HTML })</td></tr>
            """
    }

    private func schema(_ heading: String, _ part: String) -> HTML? {
        guard let text = file["signature"]?[part]?.text else { return nil }
        guard let json = try? JSON(parsing: text), json != .null else { return nil }
        guard let table = SchemaTable(json) else {
            return "<h3>\(heading)</h3><pre class=\"long\">\(text)</pre>"
        }
        return "<h3>\(heading)</h3>\(table.html)"
    }

    private func exampleHTML(_ example: (path: ArtifactPath, text: String?)) -> HTML {
        """
        <h3>Example of input</h3>
        \(example.text.map { CopyBlock($0.shortened(to: 4_000)).html })
        <p><a href="\(holder.address(example.path))" data-path="\(example.path.text)">\(example.path.name)</a></p>
        """
    }
}
