import Foundation
import Yams

/// A `meta.yaml` of MLflow's file store: one flat object, with at most one below it.
struct MetaFile {
    private let root: Node

    /// - Throws: What the file system or the YAML says.
    init(path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let root = try Yams.compose(yaml: text), root.mapping != nil else {
            throw SettingError("it is empty")
        }
        self.root = root
    }

    /// A value as text; nil where it is missing or null.
    func text(_ key: String) -> String? {
        guard let node = root[key], node.null == nil else { return nil }
        return node.string
    }

    func integer(_ key: String) -> Int64? { text(key).flatMap { Int64($0) } }

    /// The pairs of an object below a key, in their order.
    func pairs(_ key: String) -> [(key: String, value: String)] {
        (root[key]?.mapping ?? [:]).map { ($0.key.string ?? "", $0.value.string ?? "") }
    }
}
