import NIOCore
import NIOHTTPTypes

/// Closes a connection over which no request comes in time.
///
/// Security: the number of connections is limited, and whoever opens them and says nothing, or a byte now and then, keeps others
/// out.
final class FirstRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let patience: TimeAmount
    private var deadline: Scheduled<Void>?

    /// - Parameter patience: How long the head of the first request may take.
    init(patience: TimeAmount = .seconds(30)) {
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        stopWaiting()
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopWaiting()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopWaiting()
    }

    private func stopWaiting() {
        deadline?.cancel()
        deadline = nil
    }
}
