import Database
import Logging
import ServiceLifecycle
import Tracking

/// Sorts what searches wish to be sorted, one wish after the other, while the server runs.
struct NameSorting: Service {
    let sorter: NameSorter
    let database: any Database
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            for await _ in sorter.wishes {
                do {
                    try await sorter.sortWished(in: database)
                } catch is CancellationError {
                    return
                } catch {
                    // Searches are right without; the next one wishes again.
                    logger.warning("Names could not be sorted", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
