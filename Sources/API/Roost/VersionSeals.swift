package import Core
package import ObjectStore
package import Registry
package import Tracking

/// Knows which files of this server's store a version is made of, has them signed, and tells whether they are still those.
package struct VersionSeals: Sendable {
    let registry: Registry
    let tracking: Tracking
    /// Nil where this server keeps no artifacts.
    let store: FileStore?

    package init(_ registry: Registry, _ tracking: Tracking, _ store: FileStore?) {
        self.registry = registry
        self.tracking = tracking
        self.store = store
    }

    /// A version of more files than this is not signed.
    private static let mostFiles = 20_000
    /// What MLflow writes into the folder of every model.
    private static let mark = "MLmodel"

    /// What is to be signed of a new version.
    ///
    /// A logged model says itself when its files are all there. Other folders have no such word: one that holds an `MLmodel`
    /// is taken for a whole model, since MLflow's clients register what they have uploaded.
    ///
    /// - Parameters:
    ///   - location: Where its files lie.
    ///   - model: The logged model whose files they are; nil for none.
    ///   - caller: Who registers it.
    /// - Returns: The files, where they are all there.
    /// - Throws: Faults of the database.
    func files(at location: String, of model: LoggedModel?, for caller: Caller) async throws -> VersionFiles {
        guard let folder = try await folder(of: location, for: caller) else { return .elsewhere }
        if let model, model.status != .ready { return .incomplete }
        do {
            let files = try await list(folder, for: caller)
            let isComplete = model == nil ? files.contains { $0.path == Self.mark } : !files.isEmpty
            return isComplete ? .complete(files) : .incomplete
        } catch let failure as Failure where failure.code == .tooLarge {
            return .incomplete
        }
    }

    /// Signs what waited for the files of a logged model that is ready now.
    ///
    /// What another call has signed meanwhile, and what is deleted, needs nothing more.
    func signWaiting(for model: LoggedModel, _ caller: Caller) async throws {
        // The versions of a logged model may be of registered models that whoever finished it does not reach.
        let caller = caller.unheld
        let signatures = registry.signatures(for: caller)
        let location = model.artifactLocation
        let waiting = try await signatures.waiting(at: location)
        guard !waiting.isEmpty,
            case .complete(let files) = try await files(at: location, of: model, for: caller)
        else { return }
        for version in waiting {
            do {
                try await signatures.sign(version.number, of: version.name, files: files)
            } catch let failure as Failure where [.invalidState, .missing].contains(failure.code) {
                continue
            }
        }
    }

    /// Signs a version that an import has brought, and whose files it has seen come.
    ///
    /// What is signed already, is deleted here, lies elsewhere or has no `MLmodel` stays as it is, and so does everything
    /// where there is no key yet.
    package func signImported(_ number: Int64, of name: ModelName, for caller: Caller) async throws {
        do {
            let version = try await registry.modelVersions(for: caller).get(number, of: name)
            guard try await signature(of: version, for: caller) == .waiting,
                case .complete(let files) = try await files(
                    at: version.storageLocation,
                    of: nil,
                    for: caller
                )
            else { return }
            try await registry.signatures(for: caller).sign(number, of: name, files: files)
        } catch let failure as Failure where [.invalidState, .missing].contains(failure.code) {
            return
        }
    }

    /// Signs a version that was registered before its files were there.
    ///
    /// - Throws: `Failure.invalidState` where it is signed, or has no files here.
    func sign(_ version: ModelVersion, for caller: Caller) async throws {
        let name = "Model Version (name=\(version.name), version=\(version.version))"
        guard let folder = try await folder(of: version.storageLocation, for: caller) else {
            throw Failure(.invalidState, "\(name) cannot be signed: this server does not keep its files.")
        }
        let files = try await list(folder, for: caller)
        guard !files.isEmpty else {
            throw Failure(.invalidState, "\(name) cannot be signed: it has no files yet.")
        }
        let signatures = registry.signatures(for: caller)
        try await signatures.sign(version.version, of: ModelName(version.name), files: files)
    }

    /// The signature of a version; what lies here and has none is still to be signed.
    func signature(of version: ModelVersion, for caller: Caller) async throws -> VersionSignature {
        let signatures = registry.signatures(for: caller)
        let signature = try await signatures.get(version.version, of: ModelName(version.name))
        guard signature == .none, try await folder(of: version.storageLocation, for: caller) != nil else {
            return signature
        }
        return .waiting
    }

    /// Reads the bytes of a version again and compares them with what was signed.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - keyID: The only key that is believed; nil for each that the database knows.
    ///   - caller: Who asks.
    /// - Returns: What was found.
    /// - Throws: Faults of the database; `CancellationError` where the server stops meanwhile.
    func verify(
        _ version: ModelVersion,
        by keyID: String? = nil,
        for caller: Caller
    ) async throws -> Verification {
        let signature = try await signature(of: version, for: caller).by(keyID)
        var verification = Verification(version, signature)
        guard case .valid(_, _, let manifest) = signature else { return verification }
        guard let store, let folder = try await folder(of: version.storageLocation, for: caller) else {
            verification.missing = manifest.files.map(\.path)
            return verification
        }
        let files = store.files(for: caller)
        var signed = Dictionary(manifest.files.map { (ExactText($0.path), $0) }) { first, _ in first }
        for file in try await files.tree(folder, limit: 10 * Self.mostFiles) {
            try Task.checkCancellation()
            let path = Self.path(of: file, in: folder)
            guard let expected = signed.removeValue(forKey: ExactText(path)) else {
                verification.added.append(path)
                continue
            }
            switch try await files.rehash(file)?.hex {
            case expected.sha256: verification.intact += 1
            case nil: verification.missing.append(path)
            default: verification.changed.append(path)
            }
        }
        verification.missing += signed.keys.map(\.text)
        verification.missing.sort { ExactText($0) < ExactText($1) }
        return verification
    }

    private func list(_ folder: ArtifactPath, for caller: Caller) async throws -> [ManifestFile] {
        guard let store else { return [] }
        return try await store.files(for: caller).tree(folder, limit: Self.mostFiles).map { file in
            ManifestFile(
                path: Self.path(of: file, in: folder),
                sizeBytes: file.sizeBytes,
                sha256: file.hash.hex
            )
        }
    }

    private static func path(of file: File, in folder: ArtifactPath) -> String {
        file.path == folder
            ? folder.name : String(file.path.text.utf8.dropFirst(folder.text.utf8.count + 1)) ?? ""
    }

    /// The folder in this server's store in which a version lies; nil where it lies elsewhere.
    private func folder(of location: String, for caller: Caller) async throws -> ArtifactPath? {
        guard store != nil else { return nil }
        let scheme = "runs:/"
        guard location.hasPrefix(scheme) else { return ArtifactRoots.path(of: location) }
        let parts = location.dropFirst(scheme.count).drop { $0 == "/" }.split(
            separator: "/",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let id = parts.first, !id.isEmpty, let root = try await root(ofRun: String(id), for: caller),
            let folder = ArtifactRoots.path(of: root)
        else { return nil }
        guard parts.count == 2, !parts[1].isEmpty else { return folder }
        // Never the whole run in the place of a path that is none.
        guard let path = try? ArtifactPath(String(parts[1])) else { return nil }
        return try folder.appending(path)
    }

    /// Nil for a run that is not there: MLflow's registry takes its word for it.
    private func root(ofRun id: String, for caller: Caller) async throws -> String? {
        do {
            return try await tracking.runs(for: caller).get(id).info.artifactURI
        } catch let failure as Failure where failure.code == .missing || failure.code == .invalidParameter {
            return nil
        }
    }
}
