import Accounts
import Core
package import HTTP
import HTTPTypes
package import Registry

/// Signatures of versions: what was signed, whether it still holds, and the keys to check it with.
package enum SignatureEndpoints {
    package static func all(_ registry: Registry, _ seals: VersionSeals) -> [Endpoint] {
        let turns = VerificationTurns()
        return [
            Endpoint(.get, "model-versions/manifest", in: .roost, needs: .read, touching: .reached) { call in
                let (version, keyID) = try await version(call, registry)
                return try await aside { try await manifest(of: version, by: keyID, call, seals) }
            },
            Endpoint(.get, "model-versions/verify", in: .roost, needs: .read, touching: .reached) { call in
                // Security: it may read as much as the model is long, which is not done for strangers.
                guard call.access.identity.means != .nothing else { throw Refusal.signIn }
                let (version, keyID) = try await version(call, registry)
                let subject = VerificationTurns.Subject(
                    workspace: call.caller.workspace,
                    reach: call.caller.reach,
                    name: version.name,
                    version: version.version,
                    keyID: keyID
                )
                return try await aside {
                    let verification = try await turns.verify(subject) {
                        try await seals.verify(version, by: keyID, for: call.caller)
                    }
                    return .verification(verification)
                }
            },
            Endpoint(.post, "model-versions/sign", in: .roost, needs: .write, touching: .workspace) { call in
                let version = try await version(call, registry).version
                return try await aside {
                    try await seals.sign(version, for: call.caller)
                    return try await manifest(of: version, by: nil, call, seals)
                }
            },
            Endpoint(.get, "signing-keys/list", in: .roost, needs: .read, touching: .nothing) { _ in
                let keys = try await registry.signingKeys.all()
                return await .page(capacityBytes: keys.count * 320 + 64) { json in
                    json.array("keys") { json in
                        for key in keys { json.value(key) }
                    }
                }
            },
        ]
    }

    /// The version that a request is about, `uri` or `name` and `version`, and the only key that it believes, `key_id`.
    private static func version(
        _ call: Call,
        _ registry: Registry
    ) async throws -> (version: ModelVersion, keyID: String?) {
        let message = try await call.message()
        let keyID = try message.nonEmptyString("key_id")
        let versions = registry.modelVersions(for: call.caller)
        guard let uri = try message.nonEmptyString("uri") else {
            let (name, number) = try message.requiredVersion()
            return (try await versions.get(number, of: name), keyID)
        }
        guard let reference = ModelReference(uri: uri) else {
            throw Failure.invalid(
                "'\(uri)' names no version: write models:/name/3, models:/name@alias or models:/name/Production."
            )
        }
        return (try await versions.get(reference), keyID)
    }

    private static func manifest(
        of version: ModelVersion,
        by keyID: String?,
        _ call: Call,
        _ seals: VersionSeals
    ) async throws -> Answer {
        let signature = try await seals.signature(of: version, for: call.caller).by(keyID)
        return .json(capacityBytes: 4_096) { json in
            json.field("name", version.name)
            json.field("version", quoting: version.version)
            json.write(signature, source: version.source)
            switch signature {
            case .valid(let envelope, _, let manifest):
                json.array("files") { json in
                    for file in manifest.files { json.value(file) }
                }
                json.key("envelope")
                json.raw(Array(envelope.utf8))
            case .broken(let envelope, _):
                json.field("envelope_text", envelope)
            case .none, .waiting:
                break
            }
        }
    }
}

extension Answer {
    fileprivate static func verification(_ verification: Verification) -> Answer {
        .json(capacityBytes: 1_024) { json in
            json.field("name", verification.name)
            json.field("version", "\(verification.version)")
            json.field("verified", verification.isVerified)
            json.write(verification.signature, source: verification.source)
            guard case .valid = verification.signature else { return }
            json.field("intact", verification.intact)
            json.array("changed") { json in
                for path in verification.changed { json.value(path) }
            }
            json.array("missing") { json in
                for path in verification.missing { json.value(path) }
            }
            json.array("added") { json in
                for path in verification.added { json.value(path) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ signature: VersionSignature, source: String) {
        switch signature {
        case .none:
            field("signature", "none")
            field("reason", "its files lie at \(source), which this server does not keep")
        case .waiting:
            field("signature", "waiting")
            field(
                "reason",
                "its files were not all there when it was registered, or nothing was signed then; it is still to be signed"
            )
        case .broken(_, let reason):
            field("signature", "broken")
            field("reason", reason)
        case .valid(_, let keyID, let manifest):
            field("signature", "valid")
            field("key_id", keyID)
            field("signed_by", manifest.signedBy)
            field("signed_timestamp", manifest.signedMs)
        }
    }

    fileprivate mutating func value(_ file: ManifestFile) {
        object { json in
            json.field("path", file.path)
            json.field("size", file.sizeBytes)
            json.field("sha256", file.sha256)
        }
    }

    fileprivate mutating func value(_ known: KnownKey) {
        object { json in
            json.field("key_id", known.key.id)
            json.field("algorithm", "ed25519")
            json.field("public_key", known.key.pem)
            json.field("creation_timestamp", known.createdMs)
            if let retiredMs = known.retiredMs { json.field("retired_timestamp", retiredMs) }
        }
    }
}
