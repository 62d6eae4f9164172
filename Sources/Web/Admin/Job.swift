import Core
import HTTP
import Repositories
import Webhooks

/// Something that is done beside requests.
struct Job: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable {
        case webhook, mirror, maintenance
    }

    enum State: String, Sendable, CaseIterable {
        case failed, waiting, done
    }

    let kind: Kind
    /// Of the webhook, or of the repository.
    let name: String
    /// What it is about: an event, or the other address of a mirror.
    let subject: String
    let state: State
    let attempts: Int64
    /// When it ran last, or else when it was queued.
    let atMs: Int64?
    let error: String
    /// Where it is looked after.
    var address: Address?

    init(_ delivery: DeliveryBoard.Unfinished) {
        kind = .webhook
        name = delivery.webhook.isEmpty ? "of a repository" : delivery.webhook
        subject = delivery.event
        state = delivery.isGivenUp ? .failed : .waiting
        attempts = delivery.attempts
        atMs = delivery.finishedMs ?? delivery.queuedMs
        error = delivery.error
    }

    init(_ mirror: WorkBoard.MirrorWork, of repository: String, at address: Address?) {
        kind = .mirror
        name = repository
        subject = mirror.address
        state = mirror.failures > 0 ? .failed : mirror.lastMs == nil ? .waiting : .done
        attempts = mirror.failures
        atMs = mirror.lastMs
        error = mirror.failures > 0 ? mirror.error : ""
        self.address = address
    }

    init(maintenanceOf repository: String, at address: Address?) {
        kind = .maintenance
        name = repository
        subject = "pack and index"
        state = .waiting
        (attempts, atMs, error) = (0, nil, "")
        self.address = address
    }

    var json: JSON {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "subject": .string(subject),
            "state": .string(state.rawValue), "attempts": .integer(attempts),
            "at_ms": atMs.map { .integer($0) } ?? .null, "error": .string(error),
        ]
    }
}

/// Which jobs are looked for, and in which order, as an address says it.
struct JobFilter: Sendable {
    enum Order: String, Sendable, CaseIterable {
        case name, kind, state, attempts, time
    }

    /// A part of the name or of the subject.
    let text: String
    let state: Job.State?
    let kind: Job.Kind?
    let order: Order
    let isDescending: Bool

    /// What is no word of the address counts as none.
    init(_ query: Query) {
        text = query.word("q")
        state = Job.State(rawValue: query.text("state"))
        kind = Job.Kind(rawValue: query.text("kind"))
        let asked = Order(rawValue: query.text("sort"))
        order = asked ?? .time
        isDescending = asked == nil || query.text("order") == "desc"
    }

    func chosen(of jobs: [Job]) -> [Job] {
        let text = text.lowercased()
        let found = jobs.filter { job in
            (state == nil || job.state == state) && (kind == nil || job.kind == kind)
                && (text.isEmpty || "\(job.name)\n\(job.subject)".lowercased().contains(text))
        }
        // What is equal stays as it came.
        return found.enumerated().sorted { first, second in
            let (one, other) = isDescending ? (second, first) : (first, second)
            if precedes(one.element, other.element) { return true }
            if precedes(other.element, one.element) { return false }
            return first.offset < second.offset
        }.map(\.element)
    }

    private func precedes(_ one: Job, _ other: Job) -> Bool {
        switch order {
        case .name: one.name.lowercased() < other.name.lowercased()
        case .kind: one.kind.rawValue < other.kind.rawValue
        case .state: one.state.rawValue < other.state.rawValue
        case .attempts: one.attempts < other.attempts
        case .time: (one.atMs ?? 0) < (other.atMs ?? 0)
        }
    }

    /// The address of the same jobs, in another order where one is named.
    func address(_ place: Address, sortedBy next: Order? = nil) -> Address {
        let turns = next == order && !isDescending
        return place.with("q", text.isEmpty ? nil : text).with("state", state?.rawValue)
            .with("kind", kind?.rawValue).with("sort", (next ?? order).rawValue)
            .with("order", next == nil ? (isDescending ? "desc" : nil) : turns ? "desc" : nil)
    }
}
