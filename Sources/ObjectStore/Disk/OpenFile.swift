internal import Glibc
internal import NIOCore

/// An open file or folder of the operating system; closed when nobody holds it.
final class OpenFile: Sendable {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    static func folder(atPath path: String) throws -> OpenFile {
        let descriptor = uninterrupted { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw SystemError.last("open \(path)") }
        return OpenFile(descriptor: descriptor)
    }

    /// Opens a name in this folder; nil where there is none.
    func open(_ name: String, _ flags: Int32) throws -> OpenFile? {
        // Security: names come from the server, and a link planted beside them is not followed.
        let opened = uninterrupted {
            openat(descriptor, name, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        if opened < 0, errno == ENOENT { return nil }
        guard opened >= 0 else { throw SystemError.last("open \(name)") }
        return OpenFile(descriptor: opened)
    }

    /// Makes a folder in this one if it is not there.
    func makeFolder(_ name: String) throws -> OpenFile {
        if mkdirat(descriptor, name, 0o700) != 0, errno != EEXIST { throw SystemError.last("mkdir \(name)") }
        guard let folder = try open(name, O_RDONLY | O_DIRECTORY) else {
            throw SystemError.last("open \(name)")
        }
        return folder
    }

    /// Removes a name from this folder; none is as good as removed.
    func unlink(_ name: String) throws {
        if unlinkat(descriptor, name, 0) != 0, errno != ENOENT { throw SystemError.last("unlink \(name)") }
    }

    func removeFolder(_ name: String) throws {
        if unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            throw SystemError.last("rmdir \(name)")
        }
    }

    /// Gives a file of this folder a second name in another.
    func link(_ name: String, to folder: OpenFile, as other: String) throws {
        guard linkat(descriptor, name, folder.descriptor, other, 0) == 0 else {
            throw SystemError.last("link")
        }
    }

    func truncate(to sizeBytes: Int64) throws {
        guard ftruncate(descriptor, off_t(sizeBytes)) == 0 else { throw SystemError.last("truncate") }
    }

    /// The names in this folder.
    func names() throws -> [String] {
        let duplicate = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard duplicate >= 0 else { throw SystemError.last("open") }
        guard let stream = fdopendir(duplicate) else {
            close(duplicate)
            throw SystemError.last("opendir")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    func status() throws -> (sizeBytes: Int64, modifiedMs: Int64, nameCount: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError.last("stat") }
        return (
            Int64(status.st_size),
            Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000,
            Int(status.st_nlink)
        )
    }

    /// Takes the lock that says somebody is at work on this file; false where another process or handle holds it.
    func lock(shared: Bool = false) -> Bool {
        flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
    }

    /// Gives the lock back before the file is closed.
    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    /// Writes a buffer whole.
    func write(_ buffer: ByteBuffer, at offset: Int64) throws {
        try buffer.withUnsafeReadableBytes { bytes in
            var done = 0
            while done < bytes.count {
                let written = uninterrupted {
                    pwrite(
                        descriptor,
                        bytes.baseAddress?.advanced(by: done),
                        bytes.count - done,
                        off_t(offset) + done
                    )
                }
                guard written >= 0 else { throw SystemError.last("write") }
                done += written
            }
        }
    }

    /// Writes a block past the kernel's cache, straight to the disk; false where the file system does not do that.
    ///
    /// Address, offset and length must be whole pages.
    func writeDirectly(_ block: Block, at offset: Int64) throws -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | Self.direct) == 0 else { return false }
        defer { _ = fcntl(descriptor, F_SETFL, flags) }
        do {
            try write(block.bytes, at: offset)
            return true
        } catch let error as SystemError where error.code == EINVAL {
            return false
        }
    }

    /// `O_DIRECT`, which Swift does not import; its number is the processor's affair.
    #if arch(arm64)
    private static let direct: Int32 = 0o200000
    #else
    private static let direct: Int32 = 0o40000
    #endif

    /// Reads up to `count` bytes; fewer at the end of the file.
    func read(_ count: Int, at offset: Int64) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            var got = 0
            while got < count {
                let read = uninterrupted {
                    pread(descriptor, space.baseAddress?.advanced(by: got), count - got, off_t(offset) + got)
                }
                guard read >= 0 else { throw SystemError.last("read") }
                if read == 0 { break }
                got += read
            }
            return got
        }
        return buffer
    }

    /// Asks the kernel to begin writing a range to the disk, so that the sync at the end has little left to do.
    ///
    /// The advice that pages are not needed does that on Linux: clean ones it would drop, and these are dirty.
    func startWriteBack(at offset: Int64, count: Int64) {
        posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_DONTNEED)
    }

    /// Returns when content and size are on stable storage.
    func sync() throws {
        guard uninterrupted({ fsync(descriptor) }) == 0 else { throw SystemError.last("sync") }
    }
}
