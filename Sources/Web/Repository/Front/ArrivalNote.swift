import Accounts
import Core
import HTTP
import Repositories

/// That what was to come into a new repository is not there whole, and what its admins can do.
struct ArrivalNote: Sendable {
    let arrival: Arrival
    /// What it is a fork of, where that may be seen.
    let parent: RepositoryPlace?
    let visit: Visit

    var html: HTML {
        switch arrival.state {
        case .underWay: underWay
        case .failed(let reason): failed(reason)
        case .incomplete(let reason): incomplete(reason)
        }
    }

    private var underWay: HTML {
        """
        <section class="note" data-under-way><p><strong>\(what) is on its way</strong>, since \
        \(TimeLabel(arrival.startedMs).html).</p>
        <p>It comes whether or not this page is open. <a href="">Look again</a></p></section>
        """
    }

    private func failed(_ reason: String) -> HTML {
        """
        <section class="note bad" role="alert"><p><strong>\(what) has not come.</strong>\
        \(visit.mayAdmin ? " \(reason)" as HTML : nil)</p>
        \(visit.mayAdmin ? choices : "<p>Its admins can try again.</p>")</section>
        """
    }

    private func incomplete(_ reason: String) -> HTML {
        """
        <section class="note bad"><p><strong>Not all large files have come.</strong>\
        \(visit.mayAdmin ? " \(reason)" as HTML : nil)</p>
        \(visit.mayAdmin ? choicesOfIncomplete : nil)</section>
        """
    }

    private var choicesOfIncomplete: HTML {
        """
        <form method="post" action="\(visit.base["arrival"])"><div class="row">
        <a class="button primary" href="\(visit.base["settings"]["mirrors"])">Fetch them</a>
        <button class="button" name="do" value="keep">Leave it as it is</button></div></form>
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
            switch form["do"] {
            case "again": break
            case "keep":
                try await arrivals.forget()
                return visit.base
            default: throw Failure.unknownDeed
            }
            guard case .parent(let key)? = try await arrivals.find()?.origin else {
                try await arrivals.wish()
                _ = try await settled(place, visit)
                return visit.base
            }
            guard try await accounts.repositories(for: visit.identity).find(key) != nil else {
                throw Failure.missing("What this repository was made of is not here, or not for you.")
            }
            try await copy(into: place, visit)
            return visit.base
        }
    }

    /// Copies what was announced for a fork; where that fails its page tells.
    func copy(into place: RepositoryPlace, _ visit: Visit) async throws {
        do {
            try await repositories.arrivals(for: visit.identity.caller(in: place.workspace)).bring()
        } catch let failure as Failure where failure.code == .invalidParameter {
            return
        }
    }

    /// Waits for what the server brings from another one, for as long as a page may take.
    ///
    /// - Returns: What has not come whole; its page tells.
    func settled(_ place: RepositoryPlace, _ visit: Visit) async throws -> Arrival? {
        let arrivals = repositories.arrivals(for: visit.identity.caller(in: place.workspace))
        let end = ContinuousClock.now + .seconds(5)
        while true {
            let arrival = try await arrivals.find()
            guard arrival?.state == .underWay, .now < end else { return arrival }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
