import Core
import Tracking

/// The runs around a run: those that it is within, from the outermost, and those within it.
struct RunFamily: Sendable {
    private static let mostParents = 8
    private static let mostChildren = 200

    let run: RunInfo
    let parents: [RunInfo]
    /// Whether the outermost of those is within another.
    let isDeeper: Bool
    let children: [RunInfo]
    let hasMore: Bool

    static func load(_ run: Run, for visit: Visit, _ web: Web) async throws -> RunFamily {
        let store = web.tracking.runs(for: visit.caller)
        async let parents = parents(of: run, store)
        async let children = children(of: run.info, store)
        let (found, hasMore) = try await children
        let (outer, isDeeper) = try await parents
        return RunFamily(
            run: run.info,
            parents: outer,
            isDeeper: isDeeper,
            children: found,
            hasMore: hasMore
        )
    }

    private static func parents(
        of run: Run,
        _ store: RunStore
    ) async throws -> (runs: [RunInfo], isDeeper: Bool) {
        var (parents, next): ([RunInfo], String?) = ([], run.word(.parent))
        while let id = next, parents.count < mostParents, !parents.contains(where: { $0.id == id }) {
            do {
                let parent = try await store.get(id)
                parents.insert(parent.info, at: 0)
                next = parent.word(.parent)
            } catch let failure as Failure where failure.code == .missing {
                return (parents, false)
            }
        }
        // A run that is within itself ends the way too.
        return (parents, parents.count == mostParents && next != nil)
    }

    private static func children(
        of run: RunInfo,
        _ store: RunStore
    ) async throws -> (runs: [RunInfo], hasMore: Bool) {
        // Security: an id that was imported may be any text, and becomes part of a filter.
        guard run.id.utf8.allSatisfy({ $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") }) else {
            return ([], false)
        }
        let (runs, next) = try await store.search(
            RunSearch(
                experimentIDs: [run.experimentID],
                filter: "tags.`\(RunTag.parent.rawValue)` = '\(run.id)'",
                orderBy: ["attributes.start_time ASC"],
                viewType: .activeOnly,
                limit: mostChildren,
                pageToken: nil
            )
        )
        return (runs.map(\.info), next != nil)
    }

    func html(_ visit: Visit) -> HTML {
        guard !parents.isEmpty || !children.isEmpty else { return .empty }
        let own: HTML = """
            <li><span aria-current="true">\(RunMark(run.id).html)\(run.shownName.html)</span>
            \(children.isEmpty ? nil : "<ul>\(children.map { "<li>\(link($0, visit))</li>" as HTML })\(more(visit))</ul>")</li>
            """
        return """
            <section aria-labelledby="family-title">
            <h2 id="family-title">Nested runs</h2>
            \(isDeeper ? "<p class=\"quiet small\">… within more runs</p>" : nil)
            <ul class="family">\(parents.reversed().reduce(own) { inner, parent in
                "<li>\(link(parent, visit))<ul>\(inner)</ul></li>"
            })</ul>\(compare(visit))</section>
            """
    }

    private func compare(_ visit: Visit) -> HTML? {
        guard children.count > 1 else { return nil }
        let address = children.reduce(visit.base["runs"]["compare"]) { $0.with("run", $1.id) }
        return "<p><a href=\"\(address)\">Compare the \(children.count) runs within</a></p>"
    }

    private func link(_ run: RunInfo, _ visit: Visit) -> HTML {
        """
        <a href="\(visit.address(ofRun: run.id))">\(RunMark(run.id).html)\(run.shownName.html)</a> \(run.status.badge)
        """
    }

    private func more(_ visit: Visit) -> HTML? {
        guard hasMore else { return nil }
        let filter = "tags.`\(RunTag.parent.rawValue)` = '\(run.id)'"
        return """
            <li><a href="\(visit.address(ofExperiment: run.experimentID).with("filter", filter))">\
            All of its runs</a></li>
            """
    }
}
