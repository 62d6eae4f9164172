import Accounts
import Core
import HTTP
import Repositories

/// That what was to come into a new repository is not there, and what its admins can do.
struct ArrivalNote: Sendable {
    let arrival: Arrival
    /// What it is a fork of, where that may be seen.
    let parent: RepositoryPlace?
    let visit: Visit

    var html: HTML { arrival.failure.map(failed) ?? underWay }

    private var underWay: HTML {
        """
        <section class="note"><p><strong>\(what) is on its way</strong>, since \(TimeLabel(arrival.startedMs).html).</p>
        <p>Load this page again to see how it went.</p></section>
        """
    }

    private func failed(_ reason: String) -> HTML {
        """
        <section class="note bad" role="alert"><p><strong>\(what) has not come.</strong>\
        \(visit.mayAdmin ? " \(reason)" as HTML : nil)</p>
        \(visit.mayAdmin ? choices : "<p>Its admins can try again.</p>")</section>
        """
    }

    private var what: HTML {
        switch arrival.origin {
        case .address(let address) where visit.mayAdmin:
            "The content of <span class=\"mono\">\(address)</span>"
        case .address: "The content, of another server,"
        case .parent:
            parent.map {
                "The content of <a href=\"\(visit.root[$0.owner][$0.name])\">\($0.fullName)</a>" as HTML
            }
                ?? "The content, of another repository,"
        }
    }

    private var choices: HTML {
        """
        <form method="post" action="\(visit.base["arrival"])"><div class="row">
        <button class="button primary" name="do" value="again">Try again</button>
        <button class="button" name="do" value="keep">Leave it as it is</button>
        <a class="button" href="\(visit.base["settings"]["danger"])">Delete the repository</a></div></form>
        """
    }
}

extension Web {
    /// What the admins of a repository do where its content has not come.
    var arrivalForm: Endpoint {
        form("arrival", in: .repositoryPages, needs: .admin) { visit, form in
            let place = visit.requiredRepository
            let arrivals = repositories.arrivals(for: visit.caller)
            guard form["do"] == "again" else {
                try await arrivals.forget()
                return visit.base
            }
            if case .parent(let key)? = try await arrivals.find()?.origin,
                try await accounts.repositories(for: visit.identity).find(key) == nil
            {
                throw Failure.missing("What this repository was made of is not here, or not for you.")
            }
            _ = try await bring(into: place, visit)
            return visit.base
        }
    }

    /// Brings what was announced for a new repository.
    ///
    /// - Returns: What became of large files; nil where its content has not come, which its page tells.
    func bring(into place: RepositoryPlace, _ visit: Visit) async throws -> LargeFileReport? {
        do {
            return try await repositories.arrivals(for: visit.identity.caller(in: place.workspace)).bring()
        } catch let failure as Failure where failure.code == .invalidParameter {
            return nil
        }
    }
}
