import Core
import Outbound

/// A repository of another server whose place was checked; `git` goes there and nowhere else.
struct Remote: Sendable {
    private let git: GitProgram
    let source: RemoteSource
    let address: WebAddress
    private let places: [NetworkAddress]
    private let timeLimit: Duration

    /// Finds out where a server is.
    ///
    /// What it is asked may take as long as the server's setting says, or as `limit` does.
    ///
    /// - Throws: `MirrorFailure` for an address that is not asked.
    static func find(
        _ source: RemoteSource,
        of repositories: Repositories,
        within limit: Duration? = nil
    ) async throws -> Remote {
        let means = repositories.mirrorMeans
        do {
            let (address, places) = try await means.client.locate(source.address)
            try checkName(address)
            return Remote(
                git: repositories.git,
                source: source,
                address: address,
                places: places,
                timeLimit: limit ?? .seconds(means.limits.timeSeconds)
            )
        } catch let error as OutboundError {
            throw MirrorFailure("\(error)")
        }
    }

    /// Security: curl writes such a name in two ways, and would look up the one that was not checked.
    static func checkName(_ address: WebAddress) throws(MirrorFailure) {
        guard !address.host.hasSuffix(".") else {
            throw MirrorFailure("The host '\(address.host)' must not end in a dot.")
        }
    }

    /// Runs `git` with the right to speak to this server.
    ///
    /// - Parameters:
    ///   - arguments: What it does; `--` and the address follow.
    ///   - refs: What stands behind the address.
    ///   - repository: In which repository.
    ///   - input: What it reads.
    /// - Returns: What it said.
    /// - Throws: `MirrorFailure` where it fails.
    @discardableResult
    func run(
        _ arguments: [String],
        _ refs: [String] = [],
        in repository: String,
        input: String = ""
    ) async throws -> GitProgram.Output {
        let command = GitProgram.Command(
            arguments: arguments + ["--", address.text] + refs,
            repository: repository,
            settings: settings
        )
        let output: GitProgram.Output
        do {
            output = try await git.run(command, input: Array(input.utf8), timeLimit: timeLimit)
        } catch let error as GitError {
            throw MirrorFailure("\(error).")
        }
        guard output.isSuccess else { throw failure(output.error) }
        return output
    }

    /// Security: `git` takes them from its environment, which other users do not see, as they would its arguments.
    private var settings: [(name: String, value: String)] {
        var settings = [
            ("protocol.\(address.scheme).allow", "always"),
            // Security: whoever is asked cannot send on to a place that was not checked, nor name objects elsewhere.
            ("http.followRedirects", "false"),
            ("http.sslVerify", "true"), ("credential.helper", ""),
            ("fetch.recurseSubmodules", "false"), ("push.recurseSubmodules", "no"),
            // A server that says nothing for a minute is gone.
            ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "60"),
        ]
        if address.literal == nil {
            // Security: the name is not looked up again; it is where it was found to be when it was checked.
            let places = places.map { $0.bytes.count == 16 ? "[\($0)]" : "\($0)" }.joined(separator: ",")
            settings.append(("http.curloptResolve", "\(address.host):\(address.port):\(places)"))
        }
        if let credentials = source.credentials {
            settings.append(("http.extraHeader", "Authorization: \(credentials)"))
        }
        return settings
    }

    /// What a person is told of what `git` says.
    private func failure(_ error: String) -> MirrorFailure {
        if ["could not read Username", "could not read Password", "Authentication failed"]
            .contains(where: error.contains)
        {
            return MirrorFailure(
                source.credentials == nil
                    ? "The server asks for a user name and a password."
                    : "The server refuses the user name or the password."
            )
        }
        if let status = error.firstMatch(of: #/returned error: (\d{3})/#)?.1 {
            switch status.first {
            case "3":
                return MirrorFailure(
                    "The server answers \(status), a redirect, which is not followed: give the address that it leads to."
                )
            default: return MirrorFailure("The server answers \(status).")
            }
        }
        if error.contains("fatal: repository '"), error.contains("not found") {
            return MirrorFailure("The server has no such repository.")
        }
        return MirrorFailure("git says: " + Self.clean(error))
    }

    /// The last words, without what could move the cursor of whoever reads them.
    private static func clean(_ error: String) -> String {
        let lines = error.split(whereSeparator: \.isNewline).map { line in
            String(
                String.UnicodeScalarView(
                    line.unicodeScalars.filter { $0.properties.generalCategory != .control }
                )
            )
        }
        return String(lines.suffix(8).joined(separator: " / ").suffix(500))
    }
}
