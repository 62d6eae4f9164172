import Core
import Glibc
import Subprocess

/// What the hook of a push does: it reads what is wished and refuses what may not be, with a reason that `git` shows.
///
/// It runs as a process of its own, which `git` starts when the objects have come but no ref has changed yet. The server
/// has given the rules to it through the environment.
package enum PushGuard {
    static let rulesVariable = "ROOST_PUSH_RULES"
    static let serverVariable = "ROOST_SERVER"

    /// Judges a push.
    ///
    /// - Parameter input: Lines with the old id, the new id and the name of a ref each.
    /// - Returns: Why it is refused, for the person who pushes; empty where it is not.
    /// - Throws: `GitError` where `git` cannot say whether commits are left behind.
    package static func judge(_ input: [UInt8]) async throws -> [String] {
        guard let text = environment(rulesVariable), serverIsAlive else {
            return ["The server that took this push is gone: push again."]
        }
        let rules = try PushRules(text: text)
        var reasons: [String] = []
        let lines = input.split(separator: UInt8(ascii: "\n"))
        for line in lines {
            // One that is true of all is said once.
            if let reason = try await refusal(of: line, rules), reason != reasons.last {
                reasons.append(reason)
            }
        }
        // Of several changes `git` refuses this one by itself; to do so here would end the whole push.
        if reasons.isEmpty, lines.count == 1, let head = rules.head, deletes(lines[0], head) {
            reasons.append("\(PushRules.isDefault(head.dropFirst(RefName.branches.count))).")
        }
        return reasons
    }

    private static func deletes(_ line: ArraySlice<UInt8>, _ name: String) -> Bool {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        return words.count == 3 && id(words[1]) == nil && words[2].elementsEqual(name.utf8)
    }

    private static func refusal(of line: ArraySlice<UInt8>, _ rules: PushRules) async throws -> String? {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count == 3 else { throw GitError("the hook was given a line that is no change of a ref") }
        guard let name = String(validating: words[2], as: UTF8.self) else {
            return
                "\(String(decoding: words[2], as: UTF8.self)): its name is not UTF-8. Rename it and push again."
        }
        // `git` refuses it when the hook has ended; to do so here would end the whole push.
        if RefName.isHiddenFromPushes(name) { return nil }
        return try await rules.refusal(
            of: name,
            from: id(words[0]),
            to: id(words[1]),
            isAncestor: isAncestor
        )
    }

    /// Nil for the zeros that stand for nothing.
    private static func id(_ word: ArraySlice<UInt8>) -> String? {
        word.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : String(decoding: word, as: UTF8.self)
    }

    /// Asks `git`, in the environment that it gave to its hook, where the new objects can be seen.
    private static func isAncestor(_ before: String, of after: String) async throws -> Bool {
        let answer = try await Subprocess.run(
            .name("git"),
            arguments: ["merge-base", "--is-ancestor", before, after],
            environment: .inherit,
            output: .discarded,
            error: .string(limit: 65_536)
        )
        switch answer.terminationStatus {
        case .exited(0): return true
        case .exited(1): return false
        default: throw GitError("git merge-base failed: \(answer.standardError)")
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Whether the process that started `git` is still the one that started the push.
    ///
    /// Nobody would record what an orphan does.
    private static var serverIsAlive: Bool {
        guard let server = environment(serverVariable), let status = Self.read("/proc/\(getppid())/stat")
        else {
            return false
        }
        // The name before may hold spaces and parentheses.
        guard let end = status.lastIndex(of: ")") else { return false }
        return status[end...].split(separator: " ").dropFirst(2).first.map(String.init) == server
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
