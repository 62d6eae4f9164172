import Core
package import HTTP
import HTTPTypes

/// MLflow's own pages, served in place from where its Python package is installed.
///
/// - Source: MLflow, `mlflow/server/__init__.py`, `serve_static_file`; `mlflow/server/js/build`.
package struct MLflowUI: Sendable {
    private let files: StaticFiles

    /// Looks through the pages; nil where there are none.
    ///
    /// - Parameter folder: `mlflow/server/js/build` of an installed mlflow.
    package init?(folder: String) {
        files = StaticFiles(folder: folder)
        guard files.has("index.html") else { return nil }
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(.get, "", in: .mlflowPages, needs: .open) { _ in
                // The names of all other files change with their content; that of this one does not.
                try await files.answer("index.html", cacheControl: "no-cache")
            },
            Endpoint(.get, "static-files/**", in: .mlflowPages, needs: .open) { call in
                var answer = try await files.answer(call.rest, cacheControl: "max-age=2419200")
                // Notebooks show traces in a frame of theirs.
                answer.mayBeFramed = call.rest.hasPrefix("lib/notebook-trace-renderer/")
                return answer
            },
        ] + Self.fixedAnswers
    }

    /// What the pages ask and what has one answer here.
    private static let fixedAnswers: [Endpoint] = {
        let telemetry = Answer.json { json in
            json.field("disable_ui_telemetry", true)
            json.array("disable_ui_events") { _ in }
            json.field("ui_rollout_percentage", 0)
        }
        let gateway = Answer.json { json in json.array("endpoints") { _ in } }
        return [
            Endpoint(.get, "ui-telemetry", in: .ajax3, needs: .open, touching: .nothing) { _ in telemetry },
            Endpoint(.post, "ui-telemetry", in: .ajax3, needs: .open, touching: .nothing) { _ in telemetry },
            Endpoint(.get, "gateway-proxy", in: .ajax2, needs: .open, touching: .nothing) { _ in gateway },
            Endpoint(.post, "gateway-proxy", in: .ajax2, needs: .open, touching: .nothing) { _ in gateway },
        ]
    }()
}
