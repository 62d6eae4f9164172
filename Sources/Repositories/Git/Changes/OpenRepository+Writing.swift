import CGit2
import Core
import Glibc

extension OpenRepository {
    /// Stores an object, durably; one that is there already is not stored again.
    func writeObject(_ bytes: [UInt8], as type: git_object_t) throws -> ObjectID {
        var id = git_oid()
        try GitLibrary.check(git_odb_write(&id, objects, bytes, bytes.count, type))
        return ObjectID(id)
    }

    func writeBlob(_ source: FileSource) throws -> ObjectID {
        switch source {
        case .bytes(let bytes): try writeObject(bytes, as: GIT_OBJECT_BLOB)
        case .file(let path): try writeBlob(ofFile: path)
        }
    }

    private func writeBlob(ofFile path: String) throws -> ObjectID {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileFault(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault(path: path, code: errno) }
        var made: UnsafeMutablePointer<git_odb_stream>?
        try GitLibrary.check(
            git_odb_open_wstream(&made, objects, git_object_size_t(status.st_size), GIT_OBJECT_BLOB)
        )
        defer { git_odb_stream_free(made) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw FileFault(path: path, code: errno) }
            if count == 0 { break }
            try buffer.withUnsafeBytes {
                _ = try GitLibrary.check(
                    git_odb_stream_write(made, $0.baseAddress?.assumingMemoryBound(to: CChar.self), count)
                )
            }
        }
        var id = git_oid()
        try GitLibrary.check(git_odb_stream_finalize_write(&id, made))
        return ObjectID(id)
    }

    func writeCommit(
        tree: ObjectID,
        parents: [ObjectID],
        message: String,
        author: Signature,
        committer: Signature
    ) throws -> ObjectID {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n\n\(try Self.clean(message))"
        return try writeObject(Array(text.utf8), as: GIT_OBJECT_COMMIT)
    }

    /// A message without spaces around it and with a line break at its end, as git keeps it.
    static func clean(_ message: String) throws(Failure) -> String {
        guard !message.utf8.contains(0) else { throw .invalid("A message cannot hold NUL") }
        // Swift takes a carriage return and a line feed for one character.
        let lines = message.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let text = lines.drop { $0.allSatisfy(\.isWhitespace) }.reversed().drop {
            $0.allSatisfy(\.isWhitespace)
        }
        guard !text.isEmpty else { throw .invalid("A message says what a change is for; it cannot be empty") }
        return text.reversed().joined(separator: "\n") + "\n"
    }

    /// Changes a ref if it is still what it was thought to be.
    ///
    /// - Throws: `Failure` if it is not, or if its name stands in the way of another; `LockedRef` if somebody else is writing it.
    func update(_ update: RefUpdate) throws {
        do {
            switch (update.before, update.after) {
            case (nil, nil): return
            case (nil, let after?):
                guard try isFree(update.ref) else { throw Self.taken(update) }
                var id = after.raw
                let made = try Owned(freedBy: git_reference_free) {
                    git_reference_create(&$0, pointer, update.ref, &id, 0, nil)
                }
                _ = made.pointer
            case (let before?, let after?):
                var (id, current) = (after.raw, before.raw)
                let made = try Owned(freedBy: git_reference_free) {
                    git_reference_create_matching(&$0, pointer, update.ref, &id, 1, &current, nil)
                }
                _ = made.pointer
            case (let before?, nil):
                let found = try Owned(freedBy: git_reference_free) {
                    git_reference_lookup(&$0, pointer, update.ref)
                }
                guard let id = git_reference_target(found.pointer), ObjectID(id.pointee) == before else {
                    throw Self.overtaken(update)
                }
                try GitLibrary.check(git_reference_delete(found.pointer))
            }
        } catch let error as LibraryError where error.isOvertaken || error.isMissing {
            throw update.before == nil ? Self.taken(update) : Self.overtaken(update)
        } catch let error as LibraryError where error.isLocked {
            throw LockedRef()
        }
    }

    /// Whether neither a ref of this name is there, nor one that has it as a folder, nor one that it has as a folder.
    private func isFree(_ ref: String) throws -> Bool {
        let parts = ref.split(separator: "/")
        for count in 3...max(3, parts.count) {
            guard try target(of: parts.prefix(count).joined(separator: "/")) == nil else { return false }
        }
        var isFree = true
        try forEachRef(ref + "/*") { _, _ in
            isFree = false
            return false
        }
        return isFree
    }

    private static func taken(_ update: RefUpdate) -> Failure {
        .alreadyExists("'\(update.name)' exists already, or its name stands in the way of another")
    }

    static func overtaken(_ update: RefUpdate) -> Failure {
        Failure(
            .invalidState,
            "'\(update.name)' was changed by somebody else meanwhile; look at it and try again"
        )
    }
}

/// Somebody else is writing a ref at this moment, or was killed while they did.
struct LockedRef: Error {}

/// A file of the server's own that cannot be read.
struct FileFault: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    var description: String { "\(path): \(String(cString: strerror(code)))" }
}

extension RefUpdate {
    /// What people call the ref.
    var name: String {
        for folder in ["refs/heads/", "refs/tags/"] where ref.hasPrefix(folder) {
            return String(ref.dropFirst(folder.count))
        }
        return ref
    }
}

extension Signature {
    /// As commits and tags have it.
    var line: String {
        let clean = Signature(
            name: name,
            email: email,
            seconds: max(0, seconds),
            offsetMinutes: offsetMinutes
        )
        let minutes = abs(offsetMinutes) % (24 * 60)
        let digits = "\(minutes / 60 * 100 + minutes % 60)"
        let offset = String(repeating: "0", count: 4 - digits.utf8.count) + digits
        return "\(clean.name) <\(clean.email)> \(clean.seconds) \(offsetMinutes < 0 ? "-" : "+")\(offset)"
    }
}
