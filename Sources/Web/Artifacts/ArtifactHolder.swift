import Core
import ObjectStore
import Tracking

/// Whose artifacts are looked at: those of a run or of a logged model.
struct ArtifactHolder: Sendable {
    enum Kind: Sendable { case run, loggedModel }

    let kind: Kind
    let id: String
    /// Where they lie, as clients are told.
    let root: String
    /// The page of the run or model.
    let page: Address

    init(run: RunInfo, for visit: Visit) {
        (kind, id, root) = (.run, run.id, run.artifactURI)
        page = visit.address(ofRun: run.id)
    }

    init(model: LoggedModel, for visit: Visit) {
        (kind, id, root) = (.loggedModel, model.id, model.artifactLocation)
        page = visit.address(ofLoggedModel: model.id)
    }

    /// The page that shows a file or a folder; the root for nil.
    func address(_ path: ArtifactPath?) -> Address { page["artifacts"].below(path?.text ?? "") }

    /// The bytes of a file, shown as what they are.
    func raw(_ path: ArtifactPath) -> Address { page["raw"].below(path.text) }

    /// The bytes of a file, to be saved.
    func download(_ path: ArtifactPath) -> Address { raw(path).with("download", "1") }

    /// A folder with all that lies in it as one file; everything for nil.
    func archive(_ path: ArtifactPath?) -> Address { page["archive"].below(path?.text ?? "") }

    /// What stands for a file or folder where one is named to MLflow.
    func uri(_ path: ArtifactPath?) -> String {
        let end = path.map { "/" + $0.text } ?? ""
        return switch kind {
        case .run: "runs:/\(id)\(end)"
        case .loggedModel: "models:/\(id)\(end)"
        }
    }
}
