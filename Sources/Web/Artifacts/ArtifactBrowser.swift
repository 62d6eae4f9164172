import Core
import ObjectStore

/// The artifacts of a run or a model: the tree, and what was chosen in it.
struct ArtifactBrowser: Sendable {
    let holder: ArtifactHolder
    let path: ArtifactPath?
    /// Nil where they are kept elsewhere.
    let tree: ArtifactTree?
    let preview: HTML
    /// Where files are sent to; nil for whoever may not, and for models.
    let upload: Address?

    static func load(
        _ holder: ArtifactHolder,
        _ path: ArtifactPath?,
        for visit: Visit,
        _ web: Web
    ) async throws -> ArtifactBrowser {
        guard let shelf = ArtifactShelf(holder, web.files, for: visit.caller) else {
            return ArtifactBrowser(holder: holder, path: path, tree: nil, preview: .empty, upload: nil)
        }
        let preview = ArtifactPreview(
            shelf: shelf,
            holder: holder,
            visit: visit,
            notebooks: web.notebooks
        )
        let shown = try await preview.load(path)
        let tree = try await ArtifactTree.load(shelf, holder, showing: path, isFolder: shown.isFolder)
        let mayUpload = visit.mayWrite && holder.kind == .run
        return ArtifactBrowser(
            holder: holder,
            path: path,
            tree: tree,
            preview: shown.html,
            upload: mayUpload
                ? visit.service.below("ajax-api/2.0/mlflow-artifacts/artifacts").below(shelf.root.text) : nil
        )
    }

    var html: HTML {
        guard let tree else { return elsewhere }
        guard !tree.isEmpty else { return nothing }
        return """
            <div class="artifacts" data-page="\(holder.page)" data-name="\(holder.id)">
            <nav class="artifact-tree" aria-label="Artifacts">
            <p class="row between"><a href="\(holder.address(nil))" data-path="">All artifacts</a>
            <a class="icon-button" href="\(holder.archive(nil))" aria-label="Download everything as tar" \
            title="Download everything as tar">\(Icon.download.html)</a></p>
            \(tree.html)
            \(uploading)
            </nav>
            <section class="artifact-preview" id="preview" aria-live="off" tabindex="-1">\(preview)</section>
            </div>
            """
    }

    func ways(_ visit: Visit) -> [Way] {
        guard tree != nil else { return [] }
        let calls = visit.service.below("api/2.0/mlflow")
        let json =
            switch holder.kind {
            case .run: calls.below("artifacts/list").with("run_id", holder.id).with("path", path?.text)
            case .loggedModel:
                calls["logged-models"][holder.id].below("artifacts/directories")
                    .with("artifact_directory_path", path?.text)
            }
        return [
            .json(json),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.artifacts.download_artifacts(\(PythonText.repr(holder.uri(path))))
                """
            ),
        ]
    }

    private var uploading: HTML? {
        upload.map { address in
            """
            <form class="upload" data-upload="\(address)" hidden>
            <label class="field">Add files\(path.map { " beside \($0.name)" } ?? "" as String)
            <input type="file" name="files" multiple required></label>
            <button class="button small">Upload</button>
            <p class="small" data-progress role="status"></p>
            </form>
            """
        }
    }

    private var elsewhere: HTML {
        """
        <div class="note"><h2 class="first">Kept elsewhere</h2>
        <p>The artifacts are not kept by this server but at</p>\(CopyBlock(holder.root).html)
        <p>MLflow's client reads them there by itself, with credentials of its own.</p></div>
        """
    }

    private var nothing: HTML {
        """
        \(EmptyState(
            heading: "No artifacts yet",
            text: holder.kind == .run
                ? "Files, figures, tables and images that a run logs are kept here."
                : "The files of the model show here once they are uploaded.",
            lines: holder.kind == .run
                ? """
                import mlflow

                with mlflow.start_run(run_id="\(holder.id)"):
                    mlflow.log_text("hello", "notes/hello.txt")
                    mlflow.log_artifact("figure.png")
                """ : nil
        ).html)
        \(uploading)
        """
    }
}
