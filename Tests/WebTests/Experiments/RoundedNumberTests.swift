import Testing

@testable import Web

@Suite struct RoundedNumberTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-3, "-3"), (0.123456789, "0.12346"), (1234.5678, "1234.6"),
        (98_765.4321, "98765"),
        (0.00012345678, "0.00012346"), (1.5e-9, "1.5e-09"), (2.5e12, "2500000000000.0"), (.nan, "NaN"),
        (-.infinity, "−∞"),
        (-0.5, "-0.5"), (0.999999, "1"),
    ])
    func `a number has as many digits as tell`(value: Double, text: String) {
        #expect(RoundedNumber(value: value).text == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "-12,345"),
    ])
    func `thousands are told apart`(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}
