import Core
import Events
import Tracking

/// What happened lately; much of the same by the same person within an hour is one line.
struct News: Sendable {
    let lines: [Line]

    /// One event, or several that are told as one.
    struct Line: Sendable {
        /// The newest of them.
        let newest: OverviewStore.PlacedEvent
        var count = 1
        /// Whether there may be more of them behind the events that were read.
        var isCut = false
        fileprivate let key: Key

        fileprivate func isSoonAfter(_ event: Event) -> Bool {
            newest.event.atMs - event.atMs < News.togetherMs
        }
    }

    /// So far apart things of one kind are told as one.
    private static let togetherMs: Int64 = 3_600_000

    /// What events have in common that are told as one.
    fileprivate struct Key: Hashable {
        let workspace: WorkspaceID
        let actor: String
        let kind: Event.Kind
        let word: String
    }

    /// What may happen thousands of times in an hour; it is read apart, so that it hides nothing else.
    static let runKinds: [Event.Kind] = [.runUpdated, .runDeleted]
    static let mostRunEvents = 300

    static let otherKinds: [Event.Kind] = [
        .experimentCreated, .experimentDeleted, .registeredModelCreated,
        .registeredModelRenamed, .registeredModelDeleted, .modelVersionCreated, .modelVersionStageChanged,
        .aliasSet, .aliasRemoved, .aliasRolledBack, .approvalRequested, .approvalGiven, .approvalRefused,
        .gitPushed, .gitBranchCreated, .gitBranchDeleted, .gitTagCreated,
    ]
    static let mostOtherEvents = 100
    private static let mostLines = 20

    /// - Parameter events: In any order.
    init(_ events: [OverviewStore.PlacedEvent]) {
        var lines: [Line] = []
        for event in events.sorted(by: { $0.event.id > $1.event.id }) where Self.isNews(event.event) {
            let key = Self.key(event)
            if Self.isToldTogether(event.event.kind),
                let place = lines.lastIndex(where: { $0.key == key && $0.isSoonAfter(event.event) })
            {
                lines[place].count += 1
            } else if lines.count < Self.mostLines {
                lines.append(Line(newest: event, key: key))
            }
        }
        let ends = [
            Self.end(of: events, Self.runKinds, most: Self.mostRunEvents),
            Self.end(of: events, Self.otherKinds, most: Self.mostOtherEvents),
        ]
        for end in ends.compactMap(\.self) {
            for place in lines.indices where end.kinds.contains(lines[place].newest.event.kind) {
                lines[place].isCut = lines[place].isSoonAfter(end.event)
            }
        }
        self.lines = lines
    }

    /// The oldest event of some kinds, where no more were read than may be; nil where all were read.
    private static func end(
        of events: [OverviewStore.PlacedEvent],
        _ kinds: [Event.Kind],
        most: Int
    ) -> (kinds: [Event.Kind], event: Event)? {
        let read = events.map(\.event).filter { kinds.contains($0.kind) }
        guard read.count >= most, let event = read.min(by: { $0.id < $1.id }) else { return nil }
        return (kinds, event)
    }

    /// A run that goes on, and the experiment that every workspace has from the beginning, are none.
    private static func isNews(_ event: Event) -> Bool {
        switch event.kind {
        case .runUpdated: !["RUNNING", "SCHEDULED"].contains(EventDetails(event).text("status"))
        case .experimentCreated: event.subject != "experiment/0"
        default: true
        }
    }

    private static func isToldTogether(_ kind: Event.Kind) -> Bool {
        switch kind {
        case .runUpdated, .runDeleted, .experimentCreated, .experimentDeleted, .modelVersionCreated,
            .registeredModelCreated:
            true
        default: false
        }
    }

    private static func key(_ placed: OverviewStore.PlacedEvent) -> Key {
        Key(
            workspace: placed.workspace,
            actor: placed.event.actor,
            kind: placed.event.kind,
            word: EventDetails(placed.event).text("status") ?? ""
        )
    }
}

extension News.Line {
    func html(in place: Places.Place) -> HTML {
        let event = newest.event
        return """
            <li>\(Avatar(event.actor).html)<div><strong><bdi>\(event.actor)</bdi></strong> \(words(in: place)) \
            \(place.name.map { "in <a href=\"\(place.base)\">\($0)</a>" as HTML }) \
            <span class="quiet">\(TimeLabel(event.atMs).html)</span></div></li>
            """
    }

    /// How many they are, as far as was read.
    private var number: String { "\(count)\(isCut ? "+" : "")" }

    private func words(in place: Places.Place) -> HTML {
        guard count > 1 else {
            return EventSentence(event: newest.event, base: place.base, name: newest.name).html
        }
        return switch newest.event.kind {
        case .runUpdated:
            "\(EventSentence.ended(EventDetails(newest.event).text("status") ?? "")) \(number) runs"
        case .runDeleted: "deleted \(number) runs"
        case .experimentCreated: "created \(number) experiments"
        case .experimentDeleted: "deleted \(number) experiments"
        case .registeredModelCreated: "created \(number) models"
        default: "registered \(number) versions"
        }
    }
}
