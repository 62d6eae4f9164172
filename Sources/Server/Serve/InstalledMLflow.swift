import Glibc

/// Asks a Python where the pages of its mlflow lie, without importing it.
struct InstalledMLflow: Sendable {
    let pagesFolder: String

    init(python: String) throws {
        let program = """
            import importlib.util
            found = importlib.util.find_spec("mlflow")
            print(found.submodule_search_locations[0] if found else "")
            """
        guard let answer = try Self.output(of: [python, "-c", program]) else {
            throw SettingError(
                "--mlflow-ui asks '\(python)' where mlflow lies, which cannot be run: see --mlflow-ui-python."
            )
        }
        guard let folder = answer.split(separator: "\n").last else {
            throw SettingError(
                "--mlflow-ui asks '\(python)', which has no mlflow: install it, or see --mlflow-ui-python."
            )
        }
        pagesFolder = folder + "/server/js/build"
    }

    /// What a program prints; nil where it cannot be run or fails.
    ///
    /// Security: the program gets its arguments as they are, no shell reads them.
    private static func output(of arguments: [String]) throws -> String? {
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw SettingError("No pipe can be made.") }
        defer { close(pipe[0]) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)

        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let isRunning = posix_spawnp(&process, arguments[0], &actions, nil, &pointers, environ) == 0
        close(pipe[1])
        guard isRunning else { return nil }

        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(pipe[0], &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status == 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
