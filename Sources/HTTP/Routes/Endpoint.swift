package import Core
package import HTTPTypes

/// One row of the table of what the server answers: where, what it needs, and who answers.
///
/// A row cannot be written without the right that it needs, and nothing is served that is not in a row.
package struct Endpoint: Sendable {
    package typealias Handler = @Sendable (Call) async throws -> Answer

    package let method: HTTPRequest.Method
    package let place: Place
    /// Below its place: literal segments, `:name` for one segment, and `**` at the end for all that follows.
    package let path: String
    package let right: Right
    /// Which experiments and registered models it touches; nil where it is not said, as by what is about no workspace.
    package let touches: Touches?
    /// Whether what goes wrong is answered as plain text, of which `git` shows nothing else, and not as JSON.
    package let failsInText: Bool
    /// What the document of the interface says of it; nil for what others document.
    package let description: EndpointDescription?
    package let handler: Handler

    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        in place: Place = .v2,
        needs right: Right,
        touching touches: Touches? = nil,
        failingInText failsInText: Bool = false,
        described description: EndpointDescription? = nil,
        handler: @escaping Handler
    ) {
        self.method = method
        self.place = place
        self.path = path
        self.right = right
        self.touches = touches
        self.failsInText = failsInText
        self.description = description
        self.handler = handler
    }

    /// Which addresses a path is below.
    package enum Place: Sendable, Hashable {
        /// `/api/2.0/mlflow` and `/ajax-api/2.0/mlflow`.
        ///
        /// This and the places after it, up to `service`, are those of MLflow: they are also below `/mlflow`, where MLflow's
        /// own pages are, and below the address of each repository, `/{owner}/{name}.mlflow`.
        case v2
        /// `/api/3.0/mlflow` and `/ajax-api/3.0/mlflow`.
        case v3
        /// `/ajax-api/2.0/mlflow` only: what only MLflow's pages ask.
        case ajax2
        /// `/ajax-api/3.0/mlflow` only.
        case ajax3
        /// `/api/2.0/mlflow-artifacts` and `/ajax-api/2.0/mlflow-artifacts`.
        case artifacts
        /// `/api/2.0/roost`: what MLflow has no call for.
        case roost
        /// The address of the MLflow service itself, such as `/graphql`.
        case service
        /// MLflow's own pages: `/mlflow`, and the address of the service of each repository.
        case mlflowPages
        /// `/api/3.0/mlflow` and `/ajax-api/3.0/mlflow` of the server alone: what is about workspaces and not in one.
        case workspaces
        /// `/{owner}/{name}.git`, and the address of the repository without the ending.
        case git
        /// `/api/v1`: accounts, repositories and what is in them.
        case hub
        /// The address of the server itself.
        case root
        /// Pages of the server itself.
        case site
        /// Pages of a workspace: below the address of each repository, and of the server for the default one.
        case workspacePages
        /// Pages of a repository, below its address.
        case repositoryPages

        /// What stands for owner and name in the address of a service of a repository.
        package static let repository = "/{repository}"
        private static let repositorySegments = "/:owner/:repo"
        private static let mlflow = "/mlflow"

        package var bases: [String] {
            switch self {
            case .v2, .v3, .ajax2, .ajax3, .artifacts, .roost, .service:
                ["", Self.mlflow, Self.repository + ".mlflow"].flatMap { base in
                    standardBases.map { base + $0 }
                }
            case .mlflowPages: [Self.mlflow, Self.repository + ".mlflow"]
            case .git: [Self.repository + ".git", Self.repositorySegments]
            case .workspacePages: ["", Self.repositorySegments]
            case .repositoryPages: [Self.repositorySegments]
            case .workspaces, .hub, .root, .site: standardBases
            }
        }

        /// Whether it is about the default workspace where its address names no repository.
        package var isOfWorkspace: Bool {
            switch self {
            case .v2, .v3, .ajax2, .ajax3, .artifacts, .roost, .service, .mlflowPages, .workspacePages: true
            case .workspaces, .git, .hub, .root, .site, .repositoryPages: false
            }
        }

        /// Whether people look at it, who are told in pages what went wrong.
        package var isPage: Bool {
            switch self {
            case .site, .workspacePages, .repositoryPages: true
            default: false
            }
        }

        private var standardBases: [String] {
            switch self {
            case .v2: ["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"]
            case .v3, .workspaces: ["/api/3.0/mlflow", "/ajax-api/3.0/mlflow"]
            case .ajax2: ["/ajax-api/2.0/mlflow"]
            case .ajax3: ["/ajax-api/3.0/mlflow"]
            case .artifacts: ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"]
            case .roost: ["/api/2.0/roost"]
            case .hub: ["/api/v1"]
            case .service, .root, .site: [""]
            case .git, .mlflowPages, .workspacePages, .repositoryPages: []
            }
        }
    }
}
