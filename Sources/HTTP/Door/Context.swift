package import Hummingbird
import NIOCore

/// What Hummingbird carries beside a request; ours is in `Call`.
package struct Context: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let clientAddress: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = ClientAddress.text(of: source.channel.remoteAddress)
    }
}
