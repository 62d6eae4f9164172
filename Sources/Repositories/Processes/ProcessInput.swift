import Glibc
import NIOCore
import NIOPosix
import SystemPackage

/// What a process reads while somebody sends it: two ends of a socket.
///
/// A pipe can be written to again as soon as a page of it was read, and `git` reads page by page, so that each page would be
/// handed over by itself; a socket waits until most of it was read.
struct ProcessInput {
    /// The end for the process; whoever starts it closes it here.
    let end: SystemPackage.FileDescriptor
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    typealias Writer = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// - Throws: `GitError` where the system has no more of them.
    static func open() async throws -> ProcessInput {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw GitError("no socket for a process: \(String(cString: strerror(errno)))")
        }
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .withConnectedSocket(ends[0]) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true)
                        )
                    }
                }
            return ProcessInput(end: SystemPackage.FileDescriptor(rawValue: ends[1]), channel: channel)
        } catch {
            close(ends[1])
            throw error
        }
    }
}
