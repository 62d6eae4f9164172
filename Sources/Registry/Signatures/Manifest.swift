import Core
internal import Crypto

/// One file of a version, as it was when the version was signed.
package struct ManifestFile: Sendable, Hashable {
    /// Below the folder of the version.
    package let path: String
    package let sizeBytes: Int64
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(path: String, sizeBytes: Int64, sha256: String) {
        self.path = path
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
    }
}

/// Which files a version is made of; what is signed says this.
package struct Manifest: Sendable, Hashable {
    /// What the model was called then.
    package let name: String
    package let version: Int64
    package let source: String
    /// Who had it signed, and when.
    package let signedBy: String
    package let signedMs: Int64
    /// By path.
    package let files: [ManifestFile]

    init(
        name: String,
        version: Int64,
        source: String,
        signedBy: String,
        signedMs: Int64,
        files: [ManifestFile]
    ) {
        self.name = name
        self.version = version
        self.source = source
        self.signedBy = signedBy
        self.signedMs = signedMs
        self.files = files.sorted { ExactText($0.path) < ExactText($1.path) }
    }

    private static let statementType = "https://in-toto.io/Statement/v1"
    private static let predicateType = "https://model_signing/signature/v1.0"

    /// The statement that is signed: in-toto's, with the predicate of OpenSSF's model signing.
    ///
    /// Its digest is that of all digests in the order of the files. `size` and `roost` are ours; verifiers of the predicate
    /// pass over what they do not know.
    ///
    /// - Source: in-toto Statement v1; model-signing 1.1, `model_signing/_signing/signing.py`, `Payload`.
    var statement: [UInt8] {
        var json = JSONWriter(capacityBytes: files.count * 160 + 1_024)
        json.object { json in
            json.field("_type", Self.statementType)
            json.array("subject") { json in
                json.object { json in
                    json.field("name", "models:/\(name)/\(version)")
                    json.object("digest") { $0.field("sha256", digest) }
                }
            }
            json.field("predicateType", Self.predicateType)
            json.object("predicate", predicate)
        }
        return json.bytes
    }

    private func predicate(_ json: inout JSONWriter) {
        json.object("serialization") { json in
            json.field("method", "files")
            json.field("hash_type", "sha256")
            json.field("allow_symlinks", false)
            json.array("ignore_paths") { _ in }
        }
        json.array("resources") { json in
            for file in files {
                json.object { json in
                    json.field("name", file.path)
                    json.field("algorithm", "sha256")
                    json.field("digest", file.sha256)
                    json.field("size", file.sizeBytes)
                }
            }
        }
        json.object("roost") { json in
            json.field("name", name)
            json.field("version", version)
            json.field("source", source)
            json.field("signed_by", signedBy)
            json.field("signed_timestamp", signedMs)
        }
    }

    private var digest: String {
        var hash = SHA256()
        for file in files {
            guard let bytes = Hexadecimal.bytes(file.sha256) else {
                preconditionFailure("'\(file.sha256)' is no SHA-256")
            }
            hash.update(data: bytes)
        }
        return Hexadecimal.text(hash.finalize())
    }

    /// Reads a statement; nil for one that this room does not write.
    init?(statement: [UInt8]) {
        guard let json = try? JSON(parsing: statement), json["_type"] == .string(Self.statementType),
            json["predicateType"] == .string(Self.predicateType), let predicate = json["predicate"],
            let about = predicate["roost"], case .array(let resources)? = predicate["resources"],
            case .string(let name)? = about["name"], case .integer(let version)? = about["version"],
            case .string(let source)? = about["source"], case .string(let signedBy)? = about["signed_by"],
            case .integer(let signedMs)? = about["signed_timestamp"]
        else { return nil }
        let files = resources.compactMap(ManifestFile.init)
        guard files.count == resources.count else { return nil }
        self.init(
            name: name,
            version: version,
            source: source,
            signedBy: signedBy,
            signedMs: signedMs,
            files: files
        )
    }
}

extension ManifestFile {
    fileprivate init?(_ json: JSON) {
        guard case .string(let path)? = json["name"], json["algorithm"] == .string("sha256"),
            case .string(let sha256)? = json["digest"], case .integer(let sizeBytes)? = json["size"]
        else { return nil }
        self.init(path: path, sizeBytes: sizeBytes, sha256: sha256)
    }
}
