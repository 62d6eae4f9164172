import Core
import HTTP
import Registry
import Tracking

extension Web {
    private static let mostNames = 200
    private static let mostAliases = 10

    var registerEndpoints: [Endpoint] {
        registerDesk("runs/:id/register") { visit in
            let run = try await tracking.runs(for: visit.caller).get(visit.call.parameter("id"))
            let (choices, areAll) = try await RegisterChoice.all(of: run, visit, self)
            return (.run(run.info), choices, areAll)
        }
            + registerDesk("logged-models/:id/register") { visit in
                let model = try await tracking.loggedModels(for: visit.caller).get(visit.call.parameter("id"))
                return (.loggedModel(model), [RegisterChoice(model)], true)
            }
    }

    private func registerDesk(
        _ path: String,
        _ find:
            @escaping @Sendable (Visit) async throws -> (RegisterPage.Subject, [RegisterChoice], areAll: Bool)
    ) -> [Endpoint] {
        desk(path, in: .workspacePages, needs: .write) { visit, rejected in
            let (subject, choices, areAll) = try await find(visit)
            let models = try await registry.registeredModels(for: visit.caller)
                .find(containing: "", limit: Self.mostNames)
            return RegisterPage(
                visit: visit,
                subject: subject,
                choices: choices,
                areAll: areAll,
                names: models.filter { !$0.isPrompt }.map(\.name).sorted(),
                hasMoreNames: models.count == Self.mostNames,
                rejected: rejected
            )
        } take: { visit, form in
            let (subject, choices, _) = try await find(visit)
            guard let choice = choices.first(where: { $0.source == form["source"] }) else {
                throw Failure.invalid("Choose what is to be registered.")
            }
            return .goOn(try await register(choice, of: subject, visit, form))
        }
    }

    /// What can be wrong is looked for before anything is made.
    private func register(
        _ choice: RegisterChoice,
        of subject: RegisterPage.Subject,
        _ visit: Visit,
        _ form: Query
    ) async throws -> Address {
        let name = try ModelName(form.word("name"))
        let description = form.text("description")
        let words = form.text("aliases").split { $0.isWhitespace || $0 == "," }
        guard words.count <= Self.mostAliases else {
            throw Failure.invalid("A version is given at most \(Self.mostAliases) aliases here.")
        }
        let aliases = try words.map { try AliasName(String($0)) }
        let new = try NewRegisteredModel(name: name)
        let models = registry.registeredModels(for: visit.caller)
        do {
            _ = try await models.create(new)
        } catch let failure as Failure where failure.code == .alreadyExists {
            guard try await !Prompt.isMarked(models.get(name).tags) else { throw failure }
        }
        let version = try await register(
            Registration(
                name: name.text,
                source: choice.source,
                runID: subject.runID,
                modelID: choice.modelID,
                description: description
            ),
            visit.caller
        )
        let address = ModelAddresses(visit.base).version(version.version, of: name.text)
        for alias in aliases {
            let next = try await changing(visit, name, backTo: address) {
                $0 == .setAlias(alias.text, to: version.version)
            } by: {
                try await models.setAlias(alias, of: name, to: version.version, comment: nil)
            }
            // A rule made a request of it; what else was wished is asked for there.
            if next.text != address.text { return next }
        }
        return address
    }
}

extension RegisterPage.Subject {
    fileprivate var runID: String? {
        switch self {
        case .run(let run): run.id
        case .loggedModel(let model): model.sourceRunID
        }
    }
}
