import Core
import Outbound

extension OutboundClient {
    /// Refuses the address of a webhook that may not be asked.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_webhook_url`.
    func checkWebhook(_ url: String) async throws {
        do {
            _ = try await check(url)
        } catch OutboundError.busy {
            throw Failure(.unavailable, "\(OutboundError.busy)")
        } catch let error as OutboundError {
            throw Failure.invalid(words(of: error, about: PythonText.repr(url)))
        }
    }

    private func words(of error: OutboundError, about url: String) -> String {
        switch error {
        case .blank: "Webhook URL cannot be empty or just whitespace: \(url)"
        case .scheme(let scheme, let allowed):
            "Invalid webhook URL scheme: \(PythonText.repr(scheme)). Allowed schemes are: "
                + "\(allowed.joined(separator: ", "))."
        case .noHost: "Webhook URL must include a hostname: \(url)"
        case .malformed(let reason): "Invalid webhook URL \(url): it \(reason)."
        case .oddAddress(let host):
            "Webhook URL host \(PythonText.repr(host)) is not a canonical IP address literal."
        case .notPublic(let host, let address):
            "Webhook URL must not resolve to a non-public IP address. \(PythonText.repr(host)) resolves to \(address)."
        case .unresolved(let host, let reason):
            "Cannot resolve Webhook URL hostname \(PythonText.repr(host)): \(reason)"
        case .closedPort, .busy, .unreachable, .timedOut, .noAnswer: "Invalid webhook URL \(url): \(error)"
        }
    }
}
