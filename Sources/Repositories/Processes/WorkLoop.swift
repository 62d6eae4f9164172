import Core

/// Does what waits in the database, so many at a time, and looks every second whether something does.
struct WorkLoop: Sendable {
    let count: Int
    /// Does one thing; false where nothing waits.
    let next: @Sendable () async throws -> Bool
    /// Told of what failed; the loop goes on.
    let note: @Sendable (any Error) -> Void

    private static let pause = Duration.seconds(1)

    /// Goes on until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    while !Task.isCancelled {
                        do {
                            if try await next() { continue }
                        } catch is CancellationError where Task.isCancelled {
                            return
                        } catch {
                            note(error)
                        }
                        do { try await Task.sleep(for: Self.pause) } catch { return }
                    }
                }
            }
        }
    }
}
