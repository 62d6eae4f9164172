import Core
@testable import Events
import Testing

@testable import Tracking
@testable import Web

@Suite struct EventSentenceTests {
    private static func event(
        _ kind: Event.Kind,
        _ subject: String,
        _ details: String = "{}",
        id: Int64 = 1,
        atMs: Int64 = 1_000
    ) -> Event {
        Event(id: id, atMs: atMs, actor: "ann", kind: kind, subject: subject, details: details)
    }

    @Test(arguments: [
        (
            event(.aliasSet, "registered_model/iris/@champion", #"{"alias":"champion","from":1,"to":2}"#),
            "moved @champion of iris from version 1 to version 2"
        ),
        (
            event(.aliasSet, "registered_model/iris/@champion", #"{"alias":"champion","to":2}"#),
            "set @champion of iris to version 2"
        ),
        (
            event(
                .modelVersionStageChanged,
                "registered_model/iris/2",
                #"{"version":2,"from":"None","to":"Production"}"#
            ),
            "moved version 2 of iris from None to Production"
        ),
        (event(.runUpdated, "run/abc", #"{"status":"FAILED"}"#), "failed in the run first"),
        (event(.gitPushed, "branch/main", #"{"commits":3}"#), "pushed 3 commits to main"),
        (event(.registeredModelDeleted, "registered_model/a<b", "{}"), "deleted the model a&lt;b"),
        (event(.webhookCreated, "webhook/1"), "did webhook.created"),
        (event(.aliasSet, "registered_model/iris/@a", "no json"), "set an alias of iris to no version"),
    ])
    func `an event is told in words`(event: Event, words: String) {
        let sentence = EventSentence(event: event, base: Address("/ann/iris"), name: "first").html.text

        #expect(sentence.replacing(#/<[^>]*>/#, with: "") == words)
    }

    @Test func `much of the same is one line`() {
        let events = (1...30).map { place in
            OverviewStore.PlacedEvent(
                workspace: .standard,
                event: Self.event(
                    .runUpdated,
                    "run/\(place)",
                    #"{"status":"FINISHED"}"#,
                    id: 9 + Int64(place)
                ),
                name: "run \(place)"
            )
        }
        let push = OverviewStore.PlacedEvent(
            workspace: .standard,
            event: Self.event(.gitPushed, "branch/main", #"{"commits":1}"#),
            name: nil
        )

        #expect(News(events + [push, push]).lines.map(\.count) == [30, 1, 1])
    }

    @Test func `what happens by turns is told by kind, unless it is long ago`() {
        let ends = [("FINISHED", 0), ("FAILED", 1), ("FINISHED", 2), ("FAILED", 3), ("FINISHED", 7_200_000)]
        let events = ends.enumerated().map { place, end in
            OverviewStore.PlacedEvent(
                workspace: .standard,
                event: Self.event(
                    .runUpdated,
                    "run/\(place)",
                    "{\"status\":\"\(end.0)\"}",
                    id: 100 - Int64(place),
                    atMs: 10_000_000 - Int64(end.1)
                ),
                name: nil
            )
        }

        #expect(News(events).lines.map(\.count) == [2, 2, 1])
    }

    @Test func `a line behind which more may lie says so`() {
        let place = Places.Place(name: nil, base: Address("/"))
        let events = (0..<News.mostRunEvents).map { number in
            OverviewStore.PlacedEvent(
                workspace: .standard,
                event: Self.event(
                    .runUpdated,
                    "run/\(number)",
                    number < 11 ? #"{"status":"RUNNING"}"# : #"{"status":"FINISHED"}"#,
                    id: Int64(number)
                ),
                name: nil
            )
        }

        let whole = News(Array(events.dropFirst()))
        let cut = News(events)

        #expect(whole.lines.map(\.isCut) == [false])
        #expect(whole.lines[0].html(in: place).text.contains("finished 289 runs"))
        #expect(cut.lines.map(\.isCut) == [true])
        #expect(cut.lines[0].html(in: place).text.contains("finished 289+ runs"))
    }

    @Test(arguments: [
        event(.runUpdated, "run/1", #"{"status":"RUNNING"}"#), event(.experimentCreated, "experiment/0"),
    ])
    func `what goes on by itself is no news`(event: Event) {
        let placed = OverviewStore.PlacedEvent(workspace: .standard, event: event, name: nil)

        #expect(News([placed]).lines.isEmpty)
    }
}
