package import Hummingbird
import NIOCore

/// What Hummingbird carries beside a request; ours is in `Call`.
package struct Context: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let clientAddress: String
    /// The other end of the connection; nil where that is no address.
    let peer: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
        clientAddress = ClientAddress.text(of: peer)
    }
}
