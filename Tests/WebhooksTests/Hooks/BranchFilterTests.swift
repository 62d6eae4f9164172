import Core
import TestSupport
import Testing
import Webhooks

@Suite struct BranchFilterTests {
    @Test(arguments: [
        ("", ["main", "a/b", ""], []),
        ("*", ["main", "a/b", ""], []),
        ("main", ["main"], ["mainline", "a/main", "Main", ""]),
        ("release/*", ["release/1", "release/1/a", "release/"], ["release", "releases/1"]),
        ("**/fix", ["a/fix", "a/b/fix", "/fix"], ["fix", "a/fixed"]),
        ("{main,release/*}", ["main", "release/1"], ["topic", "main,", "{main"]),
        ("{a,b{c,d*}}x", ["ax", "bcx", "bdx", "bd/ex"], ["bx", "abcx", "x"]),
        ("{,a}b", ["b", "ab"], ["aab"]),
        ("v?", ["v1", "vé", "v/"], ["v", "v10"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x", "-x"]),
        ("[!a-c]x", ["dx", "/x"], ["ax", "x"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("a\\*", ["a*"], ["ab"]),
        ("[\\]]", ["]"], ["\\"]),
        ("a,b}", ["a,b}"], ["a"]),
    ])
    func `a pattern means what it means to Gitea`(text: String, told: [String], others: [String]) throws {
        let filter = try BranchFilter(text)
        for branch in told { #expect(filter.matches(branch), "\(text) \(branch)") }
        for branch in others { #expect(!filter.matches(branch), "\(text) \(branch)") }
    }

    @Test(arguments: ["[", "[]", "[a", "[b-a]", "{", "{a,b", "a\\", "[a\\", "{a,{b}"])
    func `what is no pattern is refused`(text: String) async {
        await expectFailure(.invalidParameter, containing: "The branch filter '\(text)'") {
            _ = try BranchFilter(text)
        }
    }

    @Test func `it has a length`() async throws {
        _ = try BranchFilter(String(repeating: "a", count: 255))
        await expectFailure(.invalidParameter, "A branch filter has at most 255 bytes.") {
            _ = try BranchFilter(String(repeating: "a", count: 256))
        }
    }

    /// Whoever tried one way after the other would never come to an end.
    @Test func `a pattern of many ways is not tried one by one`() throws {
        let filter = try BranchFilter(String(repeating: "{*a*,*}", count: 30) + "b")
        let start = ContinuousClock.now
        #expect(!filter.matches(String(repeating: "a", count: 200)))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
