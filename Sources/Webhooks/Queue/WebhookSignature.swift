internal import Crypto
import Core

/// By what a receiver knows that a delivery came from here.
///
/// - Source: MLflow 3.17, `mlflow/webhooks/delivery.py`, `_generate_hmac_signature`.
enum WebhookSignature {
    /// `v1,` and the HMAC-SHA256 of id, time and body in Base64.
    static func text(of body: String, deliveryID: String, timestamp: String, secret: String) -> String {
        let signed = "\(deliveryID).\(timestamp).\(body)"
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8),
            using: SymmetricKey(data: Array(secret.utf8))
        )
        return "v1," + Base64.encode([UInt8](code))
    }

    /// The HMAC-SHA256 of a body alone, as Gitea, Gogs and GitHub write it.
    static func hexadecimal(of body: String, secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(body.utf8),
            using: SymmetricKey(data: Array(secret.utf8))
        )
        return code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
