import ServiceLifecycle

/// A service with a name.
///
/// A group writes its services into its log. One without a description would be written with all that it holds, which takes
/// as long as the rest of a start, and holds keys.
struct NamedService: Service, CustomStringConvertible {
    private let service: any Service
    let description: String

    init(_ name: String, _ service: any Service) {
        self.service = service
        description = name
    }

    func run() async throws {
        try await service.run()
    }
}
