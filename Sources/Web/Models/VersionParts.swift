import Accounts
import Core
import Registry

/// The lines that load and serve a version.
struct UseLines {
    let visit: Visit
    let version: ModelVersion

    /// An alias is what programs are to load by, since it can be moved.
    private var uri: String {
        version.aliases.first.map { "models:/\(version.name)@\($0)" }
            ?? "models:/\(version.name)/\(version.version)"
    }

    var html: HTML {
        """
        <h2>Use it</h2>
        \(CopyBlock(
            """
            import mlflow

            mlflow.set_tracking_uri("\(visit.trackingURI)")
            model = mlflow.pyfunc.load_model(\(PythonText.repr(uri)))
            """
        ).html)
        \(CopyBlock(
            "MLFLOW_TRACKING_URI=\(Quoted.shell(visit.trackingURI)) mlflow models serve -m \(Quoted.shell(uri)) -p 5001"
        ).html)
        """
    }
}

/// The files of a version, with their sizes and hashes.
struct FileList {
    let visit: Visit
    let version: ModelVersion
    let folder: VersionFolder?

    var html: HTML {
        "<h2>Files</h2>\(content)"
    }

    private var content: HTML {
        guard let folder else {
            return
                "<p class=\"quiet\">They lie elsewhere: <span class=\"mono\">\(version.storageLocation)</span></p>"
        }
        guard !folder.isCut else { return "<p class=\"quiet\">There are too many to list here.</p>" }
        guard !folder.files.isEmpty else { return "<p class=\"quiet\">No files are there yet.</p>" }
        let total = folder.files.reduce(0) { $0 + $1.sizeBytes }
        return """
            <div class="scroll"><table class="list files"><thead><tr><th scope="col">File</th><th scope="col" class="number">Size</th>\
            <th scope="col">SHA-256</th></tr></thead>
            <tbody>\(folder.files.map(row))</tbody>
            <tfoot><tr><td class="quiet">\(folder.files.count) \(folder.files.count == 1 ? "file" : "files")</td>\
            <td class="number quiet">\(ByteCount(bytes: total).text)</td><td></td></tr></tfoot></table></div>
            """
    }

    private func row(_ file: VersionFolder.VersionFile) -> HTML {
        let address = Address(visit.serviceBase).below("model-versions/get-artifact")
            .with("name", version.name).with("version", "\(version.version)").with("path", file.path)
        return """
            <tr><td><a href="\(address)">\(file.path)</a></td><td class="number">\(ByteCount(bytes: file.sizeBytes).text)</td>
            <td class="mono small" title="\(file.hash)">\(file.hash.prefix(12))</td></tr>
            """
    }
}

/// Whether a version is signed, and a button that reads its bytes again.
struct SignatureCard {
    let visit: Visit
    let version: ModelVersion
    let signature: VersionSignature

    private func call(_ verb: String) -> Address {
        Address(visit.serviceBase).below("api/2.0/roost/model-versions/" + verb)
            .with("name", version.name).with("version", "\(version.version)")
    }

    /// It reads all files, which is not for everybody who comes along.
    private var mayVerify: Bool { visit.identity.means != .nothing }

    private var verifyLink: HTML {
        "<a class=\"button small\" href=\"\(call("verify"))\" data-action=\"verify\">Verify</a> "
    }

    var html: HTML {
        """
        <section class="card signature" data-verify="\(call("verify"))" \
        data-sign="\(Address(visit.serviceBase).below("api/2.0/roost/model-versions/sign"))" \
        data-name="\(version.name)" data-version="\(version.version)">
        <header><h2>Signature</h2></header><div class="body">
        \(state)
        <div class="signature-result" role="status" aria-live="polite"></div>
        </div></section>
        """
    }

    private var state: HTML {
        switch signature {
        case .none:
            "<p class=\"quiet small\">Not signed: its files are not kept by this server, or came from elsewhere.</p>"
        case .waiting:
            """
            <p><span class="badge warn">Not signed yet</span></p>
            <p class="small">Its files were not all there when it was registered.</p>
            \(visit.mayWrite ? "<button type=\"button\" class=\"button small\" data-action=\"sign\" hidden>Sign it now</button>" : nil)
            """
        case .broken(_, let reason):
            "<p><span class=\"badge bad\">\(Icon.warning.html) Broken</span></p><p class=\"small\">The signature does not hold: \(reason).</p>"
        case .valid(_, let keyID, let manifest):
            """
            <p><span class="badge good">\(Icon.check.html) Signed</span></p>
            <dl class="facts small"><dt>By</dt><dd>\(manifest.signedBy)</dd><dt>When</dt><dd>\(TimeLabel(manifest.signedMs).html)</dd>\
            <dt>Files</dt><dd>\(manifest.files.count)</dd><dt>Key</dt><dd class="mono" title="\(keyID)">\(keyID.prefix(16))</dd></dl>
            \(mayVerify ? "<p class=\"small quiet\">Verifying reads every byte again.</p>" : nil)
            <p class="row">\(mayVerify ? verifyLink : nil)<a class="small" href="\(call("manifest"))">Manifest</a></p>
            """
        }
    }
}
