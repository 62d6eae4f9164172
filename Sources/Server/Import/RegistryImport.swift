import API
import Core
import Registry
import Tracking

/// Takes the registered models of a source, whose files lie where the import has put those of runs and logged models.
struct RegistryImport: Sendable {
    let store: RegistryImportStore
    let tracking: Tracking
    let seals: VersionSeals
    let caller: Caller

    func take(
        _ model: ImportedRegisteredModel,
        movesArtifacts: Bool
    ) async throws -> RegistryImportResult {
        var model = model
        if movesArtifacts {
            for index in model.versions.indices {
                let there = model.versions[index].storageLocation
                model.versions[index].storageLocation = try await here(there)
            }
        }
        return try await store.write(model)
    }

    /// Signs the versions of a model whose files have all come, also where the version itself came with an earlier import.
    ///
    /// - Parameters:
    ///   - model: As the source has it.
    ///   - taken: The numbers of versions that were made here.
    ///   - owners: The runs and logged models whose files are all here.
    /// - Throws: Faults of the database.
    func sign(
        _ model: ImportedRegisteredModel,
        besides taken: Set<Int64>,
        _ owners: Set<String>
    ) async throws {
        let name = try ModelName(model.name)
        for version in model.versions where !taken.contains(version.version) {
            guard let owned = OwnedAddress(version.storageLocation), owners.contains(owned.owner.id) else {
                continue
            }
            try await seals.signImported(version.version, of: name, for: caller)
        }
    }

    /// The address here of what a run or a logged model had there; the same for what belongs to none that is here.
    private func here(_ address: String) async throws -> String {
        guard let owned = OwnedAddress(address) else { return address }
        do {
            let root =
                switch owned.owner {
                case .run(let id): try await tracking.runs(for: caller).get(id).info.artifactURI
                case .loggedModel(let id):
                    try await tracking.loggedModels(for: caller).get(id, isDeletedFound: true)
                        .artifactLocation
                }
            return ([root] + owned.rest).joined(separator: "/")
        } catch let failure as Failure where failure.code == .missing {
            return address
        }
    }
}

/// An address that lies within the artifacts of a run or a logged model, which its steps name.
struct OwnedAddress: Hashable {
    enum Owner: Hashable {
        case run(String)
        case loggedModel(String)

        var id: String {
            switch self {
            case .run(let id), .loggedModel(let id): id
            }
        }
    }

    let owner: Owner
    /// The steps below the artifacts.
    let rest: [String]

    /// Nil for an address that names no owner.
    init?(_ address: String) {
        let steps = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for index in steps.indices.dropFirst() where steps[index] == "artifacts" {
            let name = steps[index - 1]
            if Self.isID(name[...]) {
                owner = .run(name)
            } else if index > 1, steps[index - 2] == "models", name.hasPrefix("m-"),
                Self.isID(name.dropFirst(2))
            {
                owner = .loggedModel(name)
            } else {
                continue
            }
            rest = steps[(index + 1)...].filter { !$0.isEmpty }
            return
        }
        return nil
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
