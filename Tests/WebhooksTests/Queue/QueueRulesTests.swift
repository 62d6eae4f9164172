import Core
import Testing

@testable import Webhooks

@Suite struct QueueRulesTests {
    /// Made with Python's `hmac` by the original's `_generate_hmac_signature`.
    @Test(arguments: [
        ("secret", "id", "1700000000", "{}", "v1,GBemBzTgbKoVEGKycqyY3615LbdJbhFLE1oQk+zZ+lo="),
        (
            "sécret 🔑", "0b6c2c1e-8f6a-4f0e-9a53-1f2f0f0d0c0b", "1795710818",
            #"{"entity": "prompt", "data": {"name": "\u00e9"}}"#,
            "v1,AFAn47DlkrZDNvkQ+Ol9HmGIefRQp0VxaEjQfGtS9NA="
        ),
        (String(repeating: "k", count: 200), "x", "0", "", "v1,CURuSVdUAfWywF21ouaFAgdL6dni6e30V6Mw/8PprTo="),
    ])
    func `a signature is the original's`(
        secret: String,
        id: String,
        timestamp: String,
        body: String,
        signature: String
    ) {
        let text = WebhookSignature.text(of: body, deliveryID: id, timestamp: timestamp, secret: secret)
        #expect(text == signature)
    }

    @Test func `a secret is opened only with its key and for its owner`() throws {
        let box = SecretBox { [[UInt8](repeating: 7, count: 32)] }
        let sealed = try box.seal("quiet", of: "hook")

        #expect(try box.open(sealed, of: "hook") == "quiet")
        #expect(try box.seal("quiet", of: "hook") != sealed)
        #expect(!sealed.contains(Array("quiet".utf8)))
        #expect(throws: Failure.self) { try box.open(sealed, of: "other") }
        #expect(throws: Failure.self) { try SecretBox.temporary.open(sealed, of: "hook") }
        #expect(throws: Failure.self) { try box.open(sealed.dropLast(), of: "hook") }
        #expect(throws: Failure.self) { try box.open([], of: "hook") }
    }

    @Test func `attempts come later and later, up to five minutes, and not together`() {
        let rule = RetryRule(attempts: 12)
        let longest = (1...12).map { rule.delayMs(after: $0, nowMs: 0, chance: 1) }
        let shortest = (1...12).map { rule.delayMs(after: $0, nowMs: 0, chance: 0) }

        #expect(
            longest == [
                1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
                300_000,
            ]
        )
        #expect(shortest == longest.map { $0 / 2 })
        #expect(rule.delayMs(after: .max, nowMs: 0, chance: 1) == 300_000)
    }

    @Test(arguments: [
        ("20", 20_000), ("0", 1_000), ("-5", 1_000), ("99999999999", 3_600_000), ("soon", 1_000),
        ("Thu, 26 Nov 2026 16:34:38 GMT", 60_000), ("Thu, 26 Nov 2020 16:34:38 GMT", 1_000),
    ])
    func `a receiver may ask for more patience, within an hour`(wish: String, delayMs: Int64) {
        let rule = RetryRule(attempts: 12)
        #expect(rule.delayMs(after: 1, retryAfter: wish, nowMs: 1_795_710_818_000, chance: 1) == delayMs)
    }

    @Test func `a delivery is given up after so many attempts, or a day`() {
        let rule = RetryRule(attempts: 3)

        #expect(rule.allowsMore(after: 2, ageMs: 0))
        #expect(!rule.allowsMore(after: 3, ageMs: 0))
        #expect(rule.allowsMore(after: 1, ageMs: 86_399_999))
        #expect(!rule.allowsMore(after: 1, ageMs: 86_400_000))
    }

    @Test func `a hook is told in the headers of each tool that it may be`() {
        let letter = WebhookLetter(
            body: "{}",
            event: "push",
            id: "id",
            timestamp: "1700000000",
            secret: "secret"
        )
        let headers = Dictionary(uniqueKeysWithValues: letter.hookHeaders(.json))

        for name in ["Roost", "Gitea", "Gogs", "GitHub"] {
            #expect(headers["X-\(name)-Event"] == "push")
            #expect(headers["X-\(name)-Delivery"] == "id")
        }
        #expect(headers["Content-Type"] == "application/json")
        // Made with Python's `hmac`, as the other below.
        let code = "77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13"
        #expect(headers["X-Gitea-Signature"] == code)
        #expect(headers["X-Gogs-Signature"] == code)
        #expect(headers["X-Hub-Signature-256"] == "sha256=" + code)
        #expect(headers["X-Roost-Signature"] == "v1,GBemBzTgbKoVEGKycqyY3615LbdJbhFLE1oQk+zZ+lo=")
    }

    @Test func `a form has the same JSON, escaped, and nothing is signed without a secret`() {
        let letter = WebhookLetter(
            body: #"{"a":"é &="}"#,
            event: "push",
            id: "id",
            timestamp: "1",
            secret: nil
        )

        #expect(
            String(decoding: letter.bytes(as: .form), as: UTF8.self)
                == "payload=%7B%22a%22%3A%22%C3%A9%20%26%3D%22%7D"
        )
        let names = letter.hookHeaders(.form).map(\.0)
        #expect(!names.contains { $0.contains("Signature") })
    }
}
