package import Hummingbird

/// What Hummingbird carries beside a request; ours is in `Call`.
package struct Context: RequestContext {
    package var coreContext: CoreRequestContextStorage

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
