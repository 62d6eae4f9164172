import FoundationEssentials

/// A server that is measured.
enum Peer: String, CaseIterable, Codable {
    case roost
    case mlflow
    case fml
    /// The limit for files: `PUT` by nginx's own WebDAV module, `GET` by `sendfile`.
    case nginx
    /// The limit for requests: Hummingbird with a fixed answer.
    case bare
    /// The limit for rows: the C interface of SQLite, without any server.
    case sqlite
    /// For clones and pushes: `git http-backend` behind nginx.
    case gitBackend
    /// The same, with every object that comes looked at.
    case checkingGitBackend

    var title: String {
        switch self {
        case .roost: "Roost"
        case .mlflow: "mlflow server"
        case .fml: "FastTrackML"
        case .nginx: "nginx"
        case .bare: "bare Hummingbird"
        case .sqlite: "raw SQLite"
        case .gitBackend: "git http-backend"
        case .checkingGitBackend: "the same with fsckObjects"
        }
    }

    /// Whether it is a tracking server rather than a limit.
    var tracks: Bool { [.roost, .mlflow, .fml].contains(self) }
}

/// Where the programs lie.
struct Programs {
    var roost: String
    /// The Python of an environment that holds mlflow.
    var python: String
    var fml: String
    var nginx: String
    var fcgiwrap: String
    /// This program.
    var bench: String

    /// How a person starts this peer on SQLite and files below `folder`; everything else is its default.
    func command(_ peer: Peer, port: UInt16, folder: String) throws -> (program: String, arguments: [String])
    {
        let database = databasePath(folder: folder)
        switch peer {
        case .roost:
            return (
                roost,
                ["serve", "--host", "127.0.0.1", "--port", "\(port)"]
                    + ["--database", "sqlite:///\(database)", "--data", folder + "/data"]
            )
        case .mlflow:
            return (
                python,
                ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "\(port)"]
                    + ["--backend-store-uri", "sqlite:///\(database)"]
                    + ["--artifacts-destination", folder + "/artifacts"]
            )
        case .fml:
            return (
                fml,
                ["server", "--listen-address", "127.0.0.1:\(port)", "--database-uri", "sqlite://\(database)"]
                    + ["--default-artifact-root", folder + "/artifacts"]
            )
        case .nginx:
            return (
                nginx, ["-e", folder + "/error.log", "-c", try Nginx.configure(port: port, folder: folder)]
            )
        case .bare: return (bench, ["fixed-answer", "--port", "\(port)"])
        case .sqlite, .gitBackend, .checkingGitBackend:
            throw BenchFailure("\(peer.title) is no server of its own")
        }
    }

    func databasePath(folder: String) -> String { folder + "/bench.db" }
}
