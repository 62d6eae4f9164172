import HummingbirdCore
import Logging
import NIOCore

/// A channel whose requests are handled on the event loop of its connection.
///
/// On the threads that Swift has for tasks, each request would change threads when it has come, whenever something that it
/// waited for is there, and when it is answered; for a small one that costs more than the rest. What takes long goes `aside`.
struct LoopChannel: ServerChildChannel {
    private let base: HTTP1Channel
    private let patience: TimeAmount

    /// - Parameters:
    ///   - base: How its requests are read and answered.
    ///   - patience: How long a client may take nothing of an answer.
    init(_ base: HTTP1Channel, patience: TimeAmount = .seconds(600)) {
        self.base = base
        self.patience = patience
    }

    /// What one read takes from a connection, in bytes: little from most, up to the last of these from a large upload.
    private static let reads = AdaptiveRecvByteBufferAllocator(
        minimum: 64,
        initial: 2_048,
        maximum: 256 << 10
    )

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.setOption(.recvAllocator, value: Self.reads).flatMapThrowing {
            try channel.pipeline.syncOperations.addHandler(StalledWriteHandler(patience: patience))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(loop: value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// Runs the parts of a task between its waits on an event loop.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
