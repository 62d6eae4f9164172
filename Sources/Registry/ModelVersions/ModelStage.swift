package import Core

/// How far a version has come in the life that MLflow had for models before aliases.
package enum ModelStage: String, Sendable, Hashable, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"

    /// The stage of a word in any case.
    ///
    /// - Source: MLflow 3.17, `get_canonical_stage`.
    package init(word: String) throws(Failure) {
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else {
            let valid = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("Invalid Model Version stage: \(word). Value must be one of \(valid).")
        }
        self = stage
    }

    /// Whether a version that enters it may send the others in it to the archive.
    var isActive: Bool { self == .staging || self == .production }
}
