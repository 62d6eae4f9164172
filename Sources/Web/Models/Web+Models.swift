import Core
import HTTP
import Registry

extension Web {
    var modelEndpoints: [Endpoint] {
        [
            page("models", in: .workspacePages) { try await ModelsPage.load($0, registry) },
            page("models/:name", in: .workspacePages) { try await ModelPage.load($0, self) },
            page("models/:name/versions/:number", in: .workspacePages) {
                try await VersionPage.load($0, self)
            },
            page("models/:name/compare", in: .workspacePages) { visit in
                try await aside { try await CompareVersionsPage.load(visit, self) }
            },
        ] + registerEndpoints + modelForms + versionForms + aliasForms + approvalForms
    }

    private var modelForms: [Endpoint] {
        [
            form("models", in: .workspacePages) { visit, form in
                let name = try ModelName(form["name"] ?? "")
                let new = try NewRegisteredModel(name: name, description: form["description"] ?? "")
                _ = try await registry.registeredModels(for: visit.caller).create(new)
                return ModelAddresses(visit.base).model(name.text)
            },
            form("models/:name/describe", in: .workspacePages) { visit, form in
                let name = try visit.modelName
                _ = try await registry.registeredModels(for: visit.caller)
                    .describe(name, as: form["description"] ?? "")
                return visit.modelAddress
            },
            form("models/:name/rename", in: .workspacePages) { visit, form in
                let new = try ModelName(form["new_name"] ?? "", parameter: "new_name")
                _ = try await registry.registeredModels(for: visit.caller).rename(visit.modelName, to: new)
                return ModelAddresses(visit.base).model(new.text)
            },
            form("models/:name/delete", in: .workspacePages) { visit, form in
                try await registry.registeredModels(for: visit.caller)
                    .delete(visit.modelName, isForced: form["force"] == "true", comment: form["comment"])
                return ModelAddresses(visit.base).list
            },
            form("models/:name/tags", in: .workspacePages) { visit, form in
                let tag = Tag(key: form["key"] ?? "", value: form["value"] ?? "")
                try await registry.registeredModels(for: visit.caller).set(tag, of: visit.modelName)
                return visit.modelAddress
            },
            form("models/:name/tags/delete", in: .workspacePages) { visit, form in
                try await registry.registeredModels(for: visit.caller)
                    .deleteTag(form["key"] ?? "", of: visit.modelName)
                return visit.modelAddress
            },
        ]
    }

    private var versionForms: [Endpoint] {
        let version = "models/:name/versions/:number"
        return [
            form("\(version)/describe", in: .workspacePages) { visit, form in
                _ = try await registry.modelVersions(for: visit.caller).describe(
                    visit.versionNumber,
                    of: visit.modelName,
                    as: form["description"] ?? ""
                )
                return try visit.versionAddress
            },
            form("\(version)/tags", in: .workspacePages) { visit, form in
                let tag = Tag(key: form["key"] ?? "", value: form["value"] ?? "")
                try await registry.modelVersions(for: visit.caller)
                    .set(tag, of: visit.versionNumber, of: visit.modelName)
                return try visit.versionAddress
            },
            form("\(version)/tags/delete", in: .workspacePages) { visit, form in
                try await registry.modelVersions(for: visit.caller)
                    .deleteTag(form["key"] ?? "", of: visit.versionNumber, of: visit.modelName)
                return try visit.versionAddress
            },
            form("\(version)/stage", in: .workspacePages) { visit, form in
                let stage = try ModelStage(word: form["stage"] ?? "")
                let (name, number) = (try visit.modelName, try visit.versionNumber)
                return try await changing(visit, name, backTo: visit.versionAddress) {
                    $0.stage == stage && $0.version == number
                } by: {
                    _ = try await registry.modelVersions(for: visit.caller).move(
                        number,
                        of: name,
                        to: stage,
                        archivesOthers: form["archive"] == "true",
                        comment: form["comment"]
                    )
                }
            },
            form("\(version)/delete", in: .workspacePages) { visit, form in
                try await registry.modelVersions(for: visit.caller).delete(
                    visit.versionNumber,
                    of: visit.modelName,
                    isForced: false,
                    comment: form["comment"]
                )
                return visit.modelAddress
            },
        ]
    }

    private var aliasForms: [Endpoint] {
        [
            form("models/:name/aliases", in: .workspacePages) { visit, form in
                let alias = try AliasName(form["alias"] ?? "")
                let number = try VersionNumber.parse(form["version"] ?? "")
                let name = try visit.modelName
                return try await changing(visit, name, backTo: visit.modelAddress) {
                    $0 == .setAlias(alias.text, to: number)
                } by: {
                    try await registry.registeredModels(for: visit.caller)
                        .setAlias(alias, of: name, to: number, comment: form["comment"])
                }
            },
            form("models/:name/aliases/remove", in: .workspacePages) { visit, form in
                let alias = try AliasName(form["alias"] ?? "")
                let name = try visit.modelName
                return try await changing(visit, name, backTo: visit.modelAddress) {
                    $0 == .removeAlias(alias.text)
                } by: {
                    try await registry.registeredModels(for: visit.caller)
                        .removeAlias(alias, of: name, comment: form["comment"])
                }
            },
            form("models/:name/aliases/roll-back", in: .workspacePages) { visit, form in
                let alias = try AliasName(form["alias"] ?? "")
                let name = try visit.modelName
                return try await changing(visit, name, backTo: visit.modelAddress) {
                    if case .rollBack(alias.text, _, _) = $0 { true } else { false }
                } by: {
                    _ = try await registry.history(for: visit.caller)
                        .rollBack(alias, of: name, comment: form["comment"])
                }
            },
        ]
    }

    /// Does what a rule may protect; where a request was opened in its place, the browser goes on to that.
    ///
    /// - Parameters:
    ///   - visit: Who does it.
    ///   - name: The model that it is done to.
    ///   - address: Where the browser goes on once it is done.
    ///   - isMeant: Whether a deed is the one that is done.
    ///   - act: Does it.
    /// - Returns: Where the browser goes on.
    /// - Throws: What `act` throws, where no request was opened.
    func changing(
        _ visit: Visit,
        _ name: ModelName,
        backTo address: Address,
        _ isMeant: (ProtectedDeed) -> Bool,
        by act: () async throws -> Void
    ) async throws -> Address {
        do {
            try await act()
            return address
        } catch let failure as Failure where failure.code == .permissionDenied {
            let open = try await registry.approvals(for: visit.caller)
                .requests(of: name, in: [.open], limit: 100)
            guard let request = open.first(where: { isMeant($0.deed) }) else { throw failure }
            return ModelAddresses(visit.base).model(name.text).with("request", "\(request.id)")
        }
    }

    private var approvalForms: [Endpoint] {
        [
            form("models/:name/rules", in: .workspacePages, needs: .admin) { visit, form in
                let isStage = form["kind"] == "stage"
                let target = try ApprovalTarget(
                    alias: isStage ? nil : form["name"],
                    stage: isStage ? form["name"] : nil
                )
                let rule = try ApprovalRule(
                    target,
                    approvals: form["approvals"].flatMap { Int64($0) } ?? 0,
                    allowsOwn: form["allow_own"] == "true"
                )
                try await registry.approvals(for: visit.caller)
                    .set(rule, of: visit.modelName, comment: form["comment"])
                return visit.modelAddress
            },
            form("models/:name/rules/delete", in: .workspacePages, needs: .admin) { visit, form in
                let target = try ApprovalTarget(alias: form["alias"], stage: form["stage"])
                try await registry.approvals(for: visit.caller).removeRule(of: target, of: visit.modelName)
                return visit.modelAddress
            },
            form("models/:name/requests", in: .workspacePages) { visit, form in
                let approvals = registry.approvals(for: visit.caller)
                let id = form["request"].flatMap { Int64($0) } ?? 0
                switch form["verdict"] {
                case "approve": _ = try await approvals.approve(id, comment: form["comment"])
                case "refuse": _ = try await approvals.refuse(id, comment: form["comment"])
                case "withdraw": _ = try await approvals.withdraw(id, comment: form["comment"])
                default: throw Failure.invalid("A request is approved, refused or withdrawn.")
                }
                return visit.modelAddress.with("request", "\(id)")
            },
        ]
    }
}

extension Visit {
    /// The model that the address names.
    fileprivate var modelName: ModelName { get throws { try ModelName(call.parameter("name")) } }

    /// The version that the address names.
    fileprivate var versionNumber: Int64 {
        get throws { try VersionNumber.parse(call.parameter("number")) }
    }

    fileprivate var modelAddress: Address { ModelAddresses(base).model(call.parameter("name")) }

    fileprivate var versionAddress: Address {
        get throws { try ModelAddresses(base).version(versionNumber, of: call.parameter("name")) }
    }
}
