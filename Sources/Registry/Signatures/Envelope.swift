import Core

/// A manifest with its signature, in the form that others can check.
///
/// - Source: DSSE 1.0, `envelope.md` and `protocol.md`.
struct Envelope {
    private static let payloadType = "application/vnd.in-toto+json"

    let payload: [UInt8]
    let keyID: String
    let signature: [UInt8]

    init(sealing manifest: Manifest, with key: SigningKey) throws {
        payload = manifest.statement
        keyID = key.publicKey.id
        signature = try key.sign(Self.encoded(payload))
    }

    /// Reads what `text` gives; nil for anything else.
    init?(text: String) {
        guard let json = try? JSON(parsing: text), json["payloadType"] == .string(Self.payloadType),
            case .string(let payload)? = json["payload"], let payload = Base64.decode(payload),
            case .array(let signatures)? = json["signatures"], signatures.count == 1,
            case .string(let keyID)? = signatures[0]["keyid"],
            case .string(let signature)? = signatures[0]["sig"], let signature = Base64.decode(signature)
        else { return nil }
        self.payload = payload
        self.keyID = keyID
        self.signature = signature
    }

    /// One JSON object.
    var text: String {
        var json = JSONWriter(capacityBytes: payload.count * 2 + 512)
        json.object { json in
            json.field("payload", Base64.encode(payload))
            json.field("payloadType", Self.payloadType)
            json.array("signatures") { json in
                json.object { json in
                    json.field("keyid", keyID)
                    json.field("sig", Base64.encode(signature))
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    func isSigned(by key: VerifyingKey) -> Bool { key.isSignature(signature, of: Self.encoded(payload)) }

    /// What is signed: the payload with its type and both lengths, so that it is read in one way only.
    private static func encoded(_ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }
}
