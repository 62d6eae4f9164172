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
}
