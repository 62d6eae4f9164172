import Registry

/// The addresses of what the registry of a workspace holds.
struct ModelAddresses: Sendable {
    /// Below which the pages of the workspace are.
    let base: Address

    init(_ base: Address) { self.base = base }

    var list: Address { base["models"] }
    var prompts: Address { list.with("show", "prompts") }

    func model(_ name: String) -> Address { list[name] }

    func version(_ number: Int64, of name: String) -> Address {
        model(name)["versions"]["\(number)"]
    }

    func comparison(of name: String, _ first: Int64, _ second: Int64) -> Address {
        model(name)["compare"].with("a", "\(first)").with("b", "\(second)")
    }

    func run(_ id: String) -> Address { base["runs"][id] }
}

extension Visit {
    /// Where a program gets what is known of a version.
    func json(of version: ModelVersion) -> Address {
        Address(serviceBase).below("api/2.0/mlflow/model-versions/get")
            .with("name", version.name).with("version", "\(version.version)")
    }
}
