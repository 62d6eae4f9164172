import Core
import HTTP
import HTTPTypes

/// What clients of Gitea ask first.
extension Hub {
    /// The version of Gitea as whose clients may take this server, with this program's own behind it.
    ///
    /// They read it as a semantic version, refuse what is none, and leave out calls that are newer; what follows the plus is
    /// no part of that order.
    ///
    /// - Source: Gitea 1.22, `ServerVersion`; its client for Go, `version.go`.
    private static let giteaVersion = "1.22.0"

    var versionEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "version",
                needs: .open,
                .init("The version of Gitea whose shapes the answers have, and that of this program.")
            ) { _ in
                .json { $0.field("version", "\(Self.giteaVersion)+roost-\(version)") }
            }
        ]
    }
}
