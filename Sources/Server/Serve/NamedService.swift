import ServiceLifecycle

/// A service that is called by its type.
///
/// A group writes its services into its log. One without a description would be written with all that it holds, which takes
/// as long as the rest of a start, and holds keys.
struct NamedService: Service, CustomStringConvertible {
    private let service: any Service
    let description: String

    init(_ service: any Service) {
        self.service = service
        description = String(String(describing: type(of: service)).prefix { $0 != "<" })
    }

    func run() async throws {
        try await service.run()
    }
}
