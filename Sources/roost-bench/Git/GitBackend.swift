import FoundationEssentials
import Glibc

/// `git http-backend` behind nginx, started by fcgiwrap: the way in which Git itself serves over HTTP.
final class GitBackend {
    let server: Server
    /// The repositories that it serves lie in it.
    let repositories: String
    private let starter: ChildProcess

    init(programs: Programs, folder: String) throws {
        repositories = folder + "/repositories"
        try FileManager.default.createDirectory(atPath: repositories, withIntermediateDirectories: true)
        let socket = "unix:\(folder)/fcgi.sock"
        starter = try ChildProcess(
            programs.fcgiwrap,
            ["-c", "4", "-s", socket],
            environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"],
            in: folder,
            log: folder + "/fcgiwrap.log"
        )
        let start = MonotonicClock.nowNanoseconds
        while access(folder + "/fcgi.sock", F_OK) != 0 {
            guard starter.isRunning, MonotonicClock.seconds(since: start) < 10 else {
                starter.stop()
                throw BenchFailure("\(programs.fcgiwrap) does not start; see \(folder)/fcgiwrap.log")
            }
            MonotonicClock.wait(seconds: 0.01)
        }
        chmod(folder + "/fcgi.sock", 0o666)
        let port = try Server.freePort()
        let path = folder + "/nginx.conf"
        let git = GitClient(folder: folder)
        try git.run(["--exec-path"])
        let text = Self.configuration(
            port: port,
            folder: folder,
            repositories: repositories,
            backend: git.words + "/git-http-backend"
        )
        try Data(text.utf8).write(to: URL(filePath: path))
        server = try Server(
            (programs.nginx, ["-e", folder + "/error.log", "-c", path]),
            port: port,
            folder: folder
        )
    }

    func pause() {
        server.pause()
        ProcessTree(of: starter.id).signal(SIGSTOP)
    }

    func resume() {
        ProcessTree(of: starter.id).signal(SIGCONT)
        server.resume()
    }

    func stop() {
        resume()
        server.stop()
        starter.stop()
    }

    /// Makes a repository that takes pushes.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - checksObjects: Whether it looks at what comes as Roost does.
    ///   - git: Makes it.
    /// - Returns: Its address.
    /// - Throws: `BenchFailure` where it cannot be made.
    func make(_ name: String, checksObjects: Bool, by git: GitClient) throws -> String {
        let place = "\(repositories)/\(name).git"
        try git.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", place])
        try git.run(["-C", place, "config", "http.receivepack", "true"])
        if checksObjects { try git.run(["-C", place, "config", "receive.fsckObjects", "true"]) }
        return address(of: name)
    }

    func address(of name: String) -> String { "http://127.0.0.1:\(server.port)/\(name).git" }

    private static func configuration(
        port: UInt16,
        folder: String,
        repositories: String,
        backend: String
    ) -> String {
        Nginx.text(
            port: port,
            folder: folder,
            location: """
                fastcgi_pass unix:\(folder)/fcgi.sock;
                fastcgi_request_buffering off;
                fastcgi_buffering off;
                # A machine with other work takes long over a large push.
                fastcgi_read_timeout 3600;
                fastcgi_send_timeout 3600;
                fastcgi_param SCRIPT_FILENAME \(backend);
                fastcgi_param GIT_PROJECT_ROOT \(repositories);
                fastcgi_param GIT_HTTP_EXPORT_ALL 1;
                fastcgi_param GIT_PROTOCOL $http_git_protocol;
                fastcgi_param PATH_INFO $uri;
                fastcgi_param QUERY_STRING $query_string;
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_param CONTENT_TYPE $content_type;
                fastcgi_param CONTENT_LENGTH $content_length;
                fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
                fastcgi_param REMOTE_USER bench;
                """
        )
    }
}
