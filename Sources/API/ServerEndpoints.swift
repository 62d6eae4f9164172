import Core
package import HTTP
import HTTPTypes

/// What a server says about itself: whether it lives, which MLflow it is, and what it can do.
package enum ServerEndpoints {
    /// The MLflow whose service this is; clients choose by it which calls they make.
    package static let mlflowVersion = "3.17.2"

    /// - Parameters:
    ///   - prometheus: Keeps the metrics; nil for none.
    ///   - hasWorkspaces: Whether clients may name workspaces; at the address of a repository they never may.
    /// - Returns: The rows of the table.
    package static func endpoints(prometheus: Prometheus?, hasWorkspaces: Bool = false) -> [Endpoint] {
        let health = Answer.text("OK")
        let version = Answer.text(mlflowVersion, type: "text/html; charset=utf-8")
        let (rootInfo, repositoryInfo) = (serverInfo(hasWorkspaces), serverInfo(false))
        return [
            Endpoint(.get, "health", in: .service, needs: .open, touching: .nothing) { _ in health },
            Endpoint(.get, "version", in: .service, needs: .open, touching: .nothing) { _ in version },
            Endpoint(.get, "server-info", in: .v3, needs: .open, touching: .nothing) { call in
                call.caller.workspace == .standard ? rootInfo : repositoryInfo
            },
            Endpoint(.get, "metrics", in: .root, needs: .open) { _ in
                guard let prometheus else {
                    throw Failure(.endpointNotFound, "This server keeps no metrics.")
                }
                return .text(
                    prometheus.text + ProcessMeasures.text,
                    type: "text/plain; version=0.0.4; charset=utf-8"
                )
            },
        ]
    }

    /// What the Python client asks before it uploads large files, and MLflow's pages before they show their menu.
    private static func serverInfo(_ hasWorkspaces: Bool) -> Answer {
        .json { json in
            json.field("store_type", "SqlStore")
            json.field("workspaces_enabled", hasWorkspaces)
            json.field("trace_archival_enabled", false)
            json.field("multipart_uploads_enabled", false)
            json.field("multipart_downloads_enabled", false)
            json.field("presigned_upload_run_id_supported", false)
            json.field("presigned_upload_model_id_supported", false)
            json.object("features_enabled") { $0.field("gateway", false) }
        }
    }
}
