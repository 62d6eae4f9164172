import NIOCore
import NIOHTTPTypes

/// Reads and forgets the rest of a request that was answered before it had come whole.
///
/// A client that sends a large body looks for the answer when all is sent. Where the server stops reading, as it does
/// after a refused upload that asked for `Connection: close`, that client would wait for ever.
final class LateBodyHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client may go on sending what nobody wants.
    private static let patience = TimeAmount.seconds(30)

    private var isRequestOpen = false
    private var isAnswered = false
    private var deadline: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isRequestOpen = true
            isAnswered = false
        case .body:
            if isAnswered { return }
        case .end:
            isRequestOpen = false
            stopWaiting()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isAnswered { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), isRequestOpen, !isAnswered {
            isAnswered = true
            let channel = context.channel
            deadline = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
            context.write(data, promise: promise)
            context.read()
        } else {
            context.write(data, promise: promise)
        }
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
