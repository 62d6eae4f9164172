import Testing

@testable import HTTP

@Suite struct QueryTests {
    @Test(arguments: [
        ("token=a", true), ("page=1&token=a", true), ("token", true), ("tokens=a", true),
        ("", false), ("a=token=b", false), ("my_token=a", false), ("page=1&", false), ("&&toke", false),
        ("a=ä&token=", true),
    ])
    func `a key is worth looking for where a pair begins with it`(query: String, isWorthIt: Bool) {
        #expect(Query.mayHave("token", in: query) == isWorthIt)
    }
}
