/// The one hook that `git` runs here.
enum PushHook {
    /// The text of the hook.
    ///
    /// Security: nothing of a push is ever part of it; what comes in is compared as text, and given on as it came.
    ///
    /// - Parameter program: The absolute path of this program.
    /// - Returns: A script for any POSIX shell.
    static func script(program: String) -> String {
        let quoted = ShellWord.quoted(program)
        return """
            #!/bin/sh
            # What the server has judged, word for word, passes, if the server is still there to record it.
            set -f
            if [ -f "$\(PushClearance.variable)" ] && read -r line < "/proc/$PPID/stat"; then
                set -- ${line##*) }
                if [ "$2" = "$\(PushGuard.serverVariable)" ]; then
                    wishes=
                    passes=yes
                    exec 3< "$\(PushClearance.variable)"
                    while IFS= read -r wish; do
                        wishes="$wishes$wish
            "
                        IFS= read -r cleared <&3 && [ "$wish" = "$cleared" ] || passes=
                    done
                    exec 3<&-
                    [ -n "$wishes" ] && [ -n "$passes" ] && exit 0
                    exec \(quoted) git-hook pre-receive <<END
            $wishes
            END
                fi
            fi
            exec \(quoted) git-hook pre-receive

            """
    }
}
