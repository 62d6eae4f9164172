import NIOCore

/// Closes a connection whose client takes nothing of what is written to it.
///
/// Security: a write waits for the client, and whoever writes holds what they have meanwhile, such as one of the few `git`
/// processes. A client that asks and never reads would hold it for ever.
final class StalledWriteHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let patience: TimeAmount
    private var look: Scheduled<Void>?
    /// Whether the client has caught up since the last look.
    private var hasCaughtUp = false

    /// - Parameter patience: How long a client may take nothing while something waits for it; at the most twice as long passes.
    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            hasCaughtUp = true
        } else if look == nil {
            lookLater(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopLooking()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopLooking()
    }

    /// One look at a time, however often a fast client is waited for.
    private func lookLater(_ context: ChannelHandlerContext) {
        let channel = context.channel
        hasCaughtUp = false
        let before = Self.waitingBytes(channel)
        look = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            self.look = nil
            guard !channel.isWritable else { return }
            guard self.hasCaughtUp || Self.waitingBytes(channel) < before else {
                return channel.close(promise: nil)
            }
            self.lookLater(context)
        }
    }

    private func stopLooking() {
        look?.cancel()
        look = nil
    }

    private static func waitingBytes(_ channel: any Channel) -> Int {
        do {
            guard let options = channel.syncOptions else { return 0 }
            return try options.getOption(.bufferedWritableBytes)
        } catch {
            // It is closed already.
            return 0
        }
    }
}
