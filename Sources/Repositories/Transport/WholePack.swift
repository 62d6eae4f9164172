import Glibc

/// Spares the first push to a repository a second walk over all that it brings.
///
/// `git receive-pack` has `git index-pack` see that everything is there that the objects of a pack name, and then walks over
/// all of it once more, from the new refs on: a sixth of a large push. `git clone` need not, since it has `index-pack` say
/// whether a pack names anything outside itself; where it does not, each ref is whole that begins in the pack. `receive-pack`
/// does not ask for that, but looks for `git` in a folder that its environment names, and there this stands before `git`.
///
/// Only a first push is such a pack, as a rule; the next ones are spared the shell.
struct WholePack: Sendable {
    private static let variable = "ROOST_PACK_IS_WHOLE"
    private static let gitVariable = "ROOST_GIT"
    private static let folder = "exec"

    /// Where `index-pack` says that the pack is whole, among the clearances of pushes.
    private let path: String
    private let folder: String

    /// - Parameter support: A folder that only this server writes into.
    init(in support: String) {
        path = "\(support)/\(PushClearance.folder)/whole-\(UInt64.random(in: .min ... .max))"
        folder = "\(support)/\(Self.folder)"
    }

    /// What `git receive-pack` is to find in its environment; nothing where the folder cannot stand in a list of folders, or
    /// `git` has moved since this process began.
    var variables: [String: String] {
        var status = stat()
        let git = GitProgram.path
        guard !folder.contains(":"), stat(git, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return [:]
        }
        return ["GIT_EXEC_PATH": folder, Self.gitVariable: git, Self.variable: path]
    }

    func withdraw() { unlink(path) }

    /// Writes what stands before `git`.
    ///
    /// - Throws: `GitError` where it cannot be written.
    static func prepare(in support: String) throws {
        try PrivateFiles.makeFolder("\(support)/\(folder)")
        try PrivateFiles.write(script, to: "\(support)/\(folder)/git", mode: 0o700)
    }

    /// A script for any POSIX shell.
    ///
    /// Security: `index-pack` ends with 1 where all is well but something is named that was there before, and with more where
    /// a pack is not taken. The walk is left out only if every tip was read and lies in what has come; whatever else is asked
    /// goes to `git` as it is.
    private static let script = """
        #!/bin/sh
        unset GIT_EXEC_PATH
        if [ "$1" = index-pack ]; then
            shift
            "$\(gitVariable)" index-pack --check-self-contained-and-connected "$@"
            said=$?
            [ $said = 0 ] && { true > "$\(variable)"; } 2>/dev/null
            [ $said = 1 ] && said=0
            exit $said
        fi
        if [ "$1 $2 $3" = "rev-list --objects --stdin" ] && [ -f "$\(variable)" ] && [ -d "$GIT_QUARANTINE_PATH" ]; then
            tips=$(cat) && [ -n "$tips" ] || exit 1
            found=$(GIT_ALTERNATE_OBJECT_DIRECTORIES= GIT_OBJECT_DIRECTORY="$GIT_QUARANTINE_PATH" \\
                "$\(gitVariable)" cat-file --batch-check='%(objectname)' <<END
        $tips
        END
            )
            [ "$found" = "$tips" ] && exit 0
            exec "$\(gitVariable)" "$@" <<END
        $tips
        END
        fi
        exec "$\(gitVariable)" "$@"

        """
}
