import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

/// New repositories whose content has not come whole, by an import or a fork.
extension Hub {
    var arrivalEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/import",
                needs: .admin,
                .init("What has not come into a new repository, and why; 404 where nothing is lacking.")
            ) { call in
                guard let arrival = try await git.arrivals(for: call.caller).find() else {
                    throw Failure.missing("Nothing is lacking that was to come into the repository.")
                }
                return .json { json in
                    json.field("kind", arrival.kind)
                    json.field("state", arrival.word)
                    if case .address(let address) = arrival.origin { json.field("address", address) }
                    json.field("started_at", HubTime.text(arrival.startedMs))
                    json.field("error", arrival.reason.map(JSON.string) ?? .null)
                }
            },
            Self.row(
                .post,
                "repos/:owner/:repo/import",
                needs: .admin,
                .init("Tries again to bring what has not come into a new repository.")
            ) { call in
                _ = try await call.fields(mayBeLeftOut: true)
                let arrival = try await git.arrivals(for: call.caller).find()
                if case .parent(let key)? = arrival?.origin, try await repositories(call).find(key) == nil {
                    throw Failure.missing(
                        "The repository that '\(call.repository.fullName)' was made of is not here any more, or not for you."
                    )
                }
                let report = try await bring(into: call.repository, call)
                var isImport = false
                if case .address? = arrival?.origin { isImport = true }
                return try await show(call.repository, call, largeFiles: isImport ? report : nil)
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/import",
                needs: .admin,
                .init(
                    "Leaves a repository as it is: what has not come is not waited for, and pushes are taken.",
                    success: .noContent
                )
            ) { call in
                try await git.arrivals(for: call.caller).forget()
                return .noContent
            },
        ]
    }

    /// Brings what was announced for a repository; where that fails it says what can be done.
    func bring(into place: RepositoryPlace, _ call: Call) async throws -> LargeFileReport {
        let caller = call.access.identity.caller(in: place.workspace)
        do {
            return try await git.arrivals(for: caller).bring()
        } catch let failure as Failure where failure.code == .invalidParameter {
            throw Failure(
                failure.code,
                "\(failure.message) '\(place.fullName)' is there without its content: try again with "
                    + "POST /api/v1/repos/\(place.fullName)/import, or delete it.",
                cause: failure.cause
            )
        }
    }
}

extension Arrival {
    /// As programs are told it.
    var kind: String {
        switch origin {
        case .address: "import"
        case .parent: "fork"
        }
    }

    var word: String {
        switch state {
        case .underWay: "under way"
        case .failed: "failed"
        case .incomplete: "incomplete"
        }
    }

    /// Why it has not come whole; nil while it is on its way.
    var reason: String? {
        switch state {
        case .underWay: nil
        case .failed(let reason), .incomplete(let reason): reason
        }
    }
}
