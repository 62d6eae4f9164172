package import Accounts
import Core
package import HTTP
import HTTPTypes
import Hummingbird

/// What MLflow answers about workspaces, which are the repositories here.
///
/// - Source: MLflow 3.17, `_list_workspaces_handler` and its kin; `service.proto`, message `Workspace`.
package enum WorkspaceEndpoints {
    /// - Parameters:
    ///   - accounts: Whose repositories they are.
    ///   - isEnabled: Whether there are any; else each call says how to have them.
    /// - Returns: The rows of the table.
    package static func all(_ accounts: Accounts, isEnabled: Bool) -> [Endpoint] {
        let endpoints = [
            Endpoint(.get, "workspaces", in: .workspaces, needs: .signedIn) { call in
                let found = try await accounts.workspaces(for: call.access.identity).list()
                return .json(capacityBytes: 4_096) { json in
                    json.array("workspaces") { json in
                        json.object { json in
                            json.field("name", WorkspaceName.standard)
                            json.field("description", "The workspace of addresses that name no repository")
                        }
                        for workspace in found { json.value(workspace) }
                    }
                }
            },
            Endpoint(.post, "workspaces", in: .workspaces, needs: .signedIn) { call in
                let message = try await call.message()
                let name = try WorkspaceName(message.requiredString("name"))
                try refuseStorage(message)
                let made = try await accounts.workspaces(for: call.access.identity).create(
                    name,
                    description: message.string("description") ?? ""
                )
                return answer(made, status: .created)
            },
            Endpoint(.get, "workspaces/:name", in: .workspaces, needs: .signedIn) { call in
                let name = try WorkspaceName(call.parameter("name"))
                return answer(try await accounts.workspaces(for: call.access.identity).get(name))
            },
            Endpoint(.patch, "workspaces/:name", in: .workspaces, needs: .signedIn) { call in
                let name = try WorkspaceName(call.parameter("name"))
                let message = try await call.message()
                try refuseStorage(message)
                guard let description = try message.string("description") else {
                    throw Failure.invalid("Workspace update must have at least one key")
                }
                let store = accounts.workspaces(for: call.access.identity)
                return answer(try await store.describe(name, as: description))
            },
        ]
        guard !isEnabled else { return endpoints }
        return endpoints.map { endpoint in
            Endpoint(endpoint.method, endpoint.path, in: endpoint.place, needs: endpoint.right) { _ in
                .text(
                    "Endpoint: /api/3.0/mlflow/\(endpoint.path) disabled because the server is running without "
                        + "workspaces support. To enable workspaces, start it with --enable-workspaces.",
                    status: .serviceUnavailable
                )
            }
        }
    }

    /// Artifacts of a repository lie where the server keeps all of them.
    private static func refuseStorage(_ message: Message) throws {
        for name in ["default_artifact_root", "trace_archival_config"] {
            let value = try message.json(name)
            guard value == nil || value == .string("") else {
                throw Failure.invalid(
                    "'\(name)' cannot be chosen for a workspace here: the server keeps what belongs to it."
                )
            }
        }
    }

    private static func answer(
        _ workspace: WorkspaceStore.Workspace,
        status: HTTPResponse.Status = .ok
    ) -> Answer {
        .json(status: status) { json in
            json.key("workspace")
            json.value(workspace)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ workspace: WorkspaceStore.Workspace) {
        object { json in
            json.field("name", workspace.name.text)
            json.field("description", workspace.description)
        }
    }
}
