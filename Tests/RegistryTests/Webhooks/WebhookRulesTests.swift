import Core
import Testing

@testable import Registry

@Suite struct WebhookRulesTests {
    @Test func `a body is written as Python writes it`() {
        let body = WebhookEvent.promptTagSet.body(
            ["name": "é\"", "key": "k", "value": .null],
            atMs: 1_795_710_818_323
        )
        #expect(
            body
                == #"{"entity": "prompt_tag", "action": "set", "timestamp": "2026-11-26T16:33:38.323000+00:00", "#
                + #""data": {"name": "\u00e9\"", "key": "k", "value": null}}"#
        )
    }

    @Test(arguments: ["a", "A-b_c.9", "0", String(repeating: "a", count: 63)])
    func `a name is of letters and digits`(text: String) throws {
        #expect(try WebhookName(text).text == text)
    }

    @Test(arguments: ["", "-a", "a-", "a b", "a\n", ".", "é", "\u{17f}", String(repeating: "a", count: 64)])
    func `another name is refused`(text: String) {
        #expect(throws: Failure.self) { try WebhookName(text) }
    }

    @Test func `an event is an entity with one of its actions`() throws {
        #expect(try WebhookEvent(.modelVersionTag, .deleted) == .modelVersionTagDeleted)
        for event in WebhookEvent.allCases {
            #expect(try WebhookEvent(event.entity, event.action) == event)
        }
        let failure = #expect(throws: Failure.self) { try WebhookEvent(.modelVersionTag, .created) }
        #expect(
            failure?.message
                == "Invalid action 'created' for entity 'model_version_tag'. Valid actions are: ['deleted', 'set']"
        )
    }
}
