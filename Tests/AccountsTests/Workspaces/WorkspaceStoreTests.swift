import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct WorkspaceStoreTests {
    @Test(arguments: Backend.available)
    func `a workspace is a repository under the name that one calls it by`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let made = try await cast.accounts.workspaces(for: ann).create(
                WorkspaceName("iris"),
                description: "d"
            )
            let place = try await cast.repository("Wine", by: ann)
            try await cast.give(.read, to: bob.id, in: place)

            #expect(made.description == "d")
            #expect(try await names(cast, ann) == ["iris", "wine"])
            #expect(try await names(cast, bob) == ["ann--wine"])
            #expect(try await names(cast, eve) == [])
            #expect(
                try await cast.accounts.workspaces(for: bob).get(WorkspaceName("ann--wine")).description == ""
            )
            await expectRefusal(.missing) {
                _ = try await cast.accounts.workspaces(for: eve).get(WorkspaceName("ann--wine"))
            }
            await expectRefusal(.permissionDenied) {
                _ = try await cast.accounts.workspaces(for: bob).describe(
                    WorkspaceName("ann--wine"),
                    as: "mine"
                )
            }
            await expectRefusal(.alreadyExists) {
                _ = try await cast.accounts.workspaces(for: ann).create(
                    WorkspaceName("iris"),
                    description: ""
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a name in a header has the rights of its repository`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let admission = cast.accounts.admission

            let access = try await admission.admit(
                ann,
                to: .workspace(WorkspaceName("iris")),
                needing: .write
            )
            #expect(access.caller.workspace == place.workspace)
            #expect(access.workspaceName == "iris")
            let standard = try await admission.admit(
                ann,
                to: .workspace(WorkspaceName("default")),
                needing: .read
            )
            #expect(standard.caller.workspace == .standard)
            await #expect(throws: Refusal.self) {
                try await admission.admit(eve, to: .workspace(WorkspaceName("ann--iris")), needing: .read)
            }
        }
    }

    @Test(arguments: [
        "", "a", "A1", "a_b", "-ab", "ab-", "api", "workspaces", "a.b", "../x",
        String(repeating: "a", count: 64),
    ])
    func `other names are refused in MLflow's words`(text: String) {
        #expect(throws: Failure.self) { try WorkspaceName(text) }
    }

    private func names(_ cast: Cast, _ identity: Identity) async throws -> [String] {
        try await cast.accounts.workspaces(for: identity).list().map(\.name.text)
    }

    private func expectRefusal(_ code: Failure.Code, _ body: () async throws -> Void) async {
        let failure = await #expect(throws: Failure.self) { try await body() }
        #expect(failure?.code == code)
    }
}
