import Core
import FoundationEssentials
import Glibc

/// The `git` processes of this machine, whichever program has started them.
///
/// One outlives its server where SSH has started it, or for as long as a signal has not reached it.
enum LivingGit {
    /// Looks whether one works in a repository that began before a time.
    ///
    /// - Parameters:
    ///   - repository: The path of a bare one, as `GitProgram` names it.
    ///   - untilMs: Epoch milliseconds. What began later has left nothing that is older.
    /// - Returns: Whether there is one.
    /// - Throws: `CocoaError` where this machine does not tell its processes.
    static func works(in repository: String, begunBefore untilMs: Int64) throws -> Bool {
        let argument = Array("--git-dir=\(repository)".utf8)
        return try PrivateFiles.names(in: "/proc").contains { name in
            guard name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                // One may end while it is looked at.
                let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                words.split(separator: 0).contains(where: { $0.elementsEqual(argument) }),
                let begunMs = begunMs(name)
            else { return false }
            return begunMs < untilMs
        }
    }

    /// - Source: proc_pid_stat(5): the 22nd field has the ticks from the start of the machine.
    private static func begunMs(_ process: String) -> Int64? {
        guard let status = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
            // What the program is called, which may hold anything, ends here.
            let end = status.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = status[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let ticks = Int64(String(decoding: fields[19], as: UTF8.self)) else {
            return nil
        }
        var up = timespec()
        clock_gettime(CLOCK_BOOTTIME, &up)
        let upMs = Int64(up.tv_sec) * 1_000 + Int64(up.tv_nsec) / 1_000_000
        return Clock.system.nowMs() - upMs + ticks * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    }
}
