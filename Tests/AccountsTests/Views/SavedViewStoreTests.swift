import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct SavedViewStoreTests {
    private func store(
        _ cast: Cast,
        _ identity: Identity,
        _ place: RepositoryPlace,
        mayShare: Bool
    ) -> SavedViewStore {
        cast.accounts.views(for: identity.caller(in: place.workspace), mayShare: mayShare)
    }

    @Test(arguments: Backend.available)
    func `somebody sees their own views and those of the workspace`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let (ann, bob) = (try await cast.person("ann"), try await cast.person("bob"))
            let place = try await cast.repository("iris", by: ann)
            let other = try await cast.repository("wine", by: ann)
            let kind = try ViewKind("experiments/1")
            let anns = store(cast, ann, place, mayShare: true)

            let own = try await anns.create(
                NewSavedView(name: " best ", query: "order=a"),
                of: kind,
                isShared: false
            )
            _ = try await anns.create(NewSavedView(name: "best", query: ""), of: kind, isShared: true)
            _ = try await anns.create(
                NewSavedView(name: "all", query: ""),
                of: ViewKind("runs/compare"),
                isShared: true
            )

            #expect(try await anns.list(of: kind).map(\.name) == ["best", "best"])
            #expect(try await anns.list(of: kind).map(\.isShared) == [false, true])
            let bobs = store(cast, bob, place, mayShare: false)
            #expect(try await bobs.list(of: kind).map(\.isShared) == [true])
            #expect(try await store(cast, ann, other, mayShare: true).list(of: kind).isEmpty)
            try await anns.change(own, to: NewSavedView(name: "worst", query: "order=b"))
            #expect(try await anns.list(of: kind).map(\.query) == ["order=b", ""])
            try await anns.delete(own)
            #expect(try await anns.list(of: kind).count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `what is shared is changed by who may write, and what is another's by nobody`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let (ann, bob) = (try await cast.person("ann"), try await cast.person("bob"))
            let place = try await cast.repository("iris", by: ann)
            let kind = try ViewKind("experiments/1")
            let anns = store(cast, ann, place, mayShare: true)
            let new = try NewSavedView(name: "best", query: "")
            let own = try await anns.create(new, of: kind, isShared: false)
            let shared = try await anns.create(new, of: kind, isShared: true)

            let bobs = store(cast, bob, place, mayShare: false)
            await expectFailure(.missing, containing: "\(own)") { try await bobs.delete(own) }
            await expectFailure(.missing, containing: "\(own)") { try await bobs.change(own, to: new) }
            await #expect(throws: Refusal.self) { try await bobs.delete(shared) }
            await #expect(throws: Refusal.self) { try await bobs.setDefault(shared, true) }
            await #expect(throws: Refusal.self) { try await bobs.create(new, of: kind, isShared: true) }
            let nobodys = store(cast, .anonymous, place, mayShare: false)
            await #expect(throws: Refusal.self) { try await nobodys.create(new, of: kind, isShared: false) }
            #expect(try await nobodys.list(of: kind).map(\.id) == [shared])
        }
    }

    @Test(arguments: Backend.available)
    func `one view is the default of its owner, and goes before that of the workspace`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let kind = try ViewKind("experiments/1")
            let anns = store(cast, ann, place, mayShare: true)
            let a = try await anns.create(NewSavedView(name: "a", query: ""), of: kind, isShared: false)
            let b = try await anns.create(NewSavedView(name: "b", query: ""), of: kind, isShared: false)
            let shared = try await anns.create(NewSavedView(name: "a", query: ""), of: kind, isShared: true)

            try await anns.setDefault(shared, true)
            #expect(try await anns.standard(of: kind)?.id == shared)
            try await anns.setDefault(a, true)
            try await anns.setDefault(b, true)
            #expect(try await anns.standard(of: kind)?.id == b)
            #expect(try await anns.list(of: kind).filter(\.isDefault).map(\.id) == [b, shared])
            try await anns.setDefault(b, false)
            #expect(try await anns.standard(of: kind)?.id == shared)
        }
    }

    @Test(arguments: Backend.available)
    func `views have names of their own and limits`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let kind = try ViewKind("experiments/1")
            let anns = store(cast, ann, place, mayShare: true)
            for number in 1...SavedViewStore.most {
                _ = try await anns.create(
                    NewSavedView(name: "\(number)", query: ""),
                    of: kind,
                    isShared: false
                )
            }

            await expectFailure(.invalidParameter, containing: "delete one") {
                _ = try await anns.create(NewSavedView(name: "more", query: ""), of: kind, isShared: false)
            }
            await expectFailure(.alreadyExists, containing: "'2'") {
                try await anns.change(
                    try await anns.list(of: kind)[0].id,
                    to: NewSavedView(name: "2", query: "")
                )
            }
        }
    }

    @Test(arguments: [
        (" ", "a=b"), (String(repeating: "x", count: 101), "a=b"), ("a\nb", "a=b"), ("a", "a b"),
        ("a", "a\r\nb"),
        ("a", "ü"), ("a", String(repeating: "x", count: 24_001)), ("a", "a#b"),
    ])
    func `a view that cannot be kept is refused`(name: String, query: String) {
        #expect(throws: Failure.self) { try NewSavedView(name: name, query: query) }
    }
}
