import Testing

@testable import Web

@Suite struct GroupedTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "-12,345"),
    ])
    func `thousands are told apart`(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}
