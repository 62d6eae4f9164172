/// What a run's page is divided into.
enum RunTab: String, Sendable, CaseIterable {
    case overview, metrics, artifacts

    var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    /// Where it is, below the address of a run.
    func address(of run: Address) -> Address {
        switch self {
        case .overview: run
        case .metrics: run.with("tab", rawValue)
        case .artifacts: run[rawValue]
        }
    }
}
