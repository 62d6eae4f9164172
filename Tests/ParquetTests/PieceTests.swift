import Testing

@testable import Parquet

@Suite struct PieceTests {
    @Test(
        arguments: [
            ([0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010], 3, [0, 1, 2, 3, 4, 5, 6, 7]),
            ([0x08, 0x05], 3, [5, 5, 5, 5]), ([0x04, 0x01, 0x02], 9, [513, 513]), ([], 0, [0, 0]),
        ] as [([UInt8], Int, [Int])]
    )
    func `small numbers are read in runs`(bytes: [UInt8], width: Int, numbers: [Int]) throws {
        var reader = try HybridReader(bytes[...], width: width)

        #expect(try numbers.map { _ in try reader.next() } == numbers)
    }

    @Test func `a run that ends early is broken`() throws {
        var reader = try HybridReader([0x03, 0xFF], width: 3)

        #expect(throws: ParquetError.self) { for _ in 0..<8 { _ = try reader.next() } }
        #expect(throws: ParquetError.self) { _ = try HybridReader([], width: 33) }
    }

    @Test(
        arguments: [
            ([0x00], []), ([0x02, 0x04, 0x61, 0x62], Array("ab".utf8)),
            ([0x08, 0x04, 0x61, 0x62, 0x16, 0x02, 0x00], Array("abababab".utf8)),
        ] as [([UInt8], [UInt8])]
    )
    func `Snappy is undone`(packed: [UInt8], plain: [UInt8]) throws {
        #expect(try Snappy.unpack(packed[...], to: plain.count) == plain)
    }

    @Test(
        arguments: [
            [], [0x02, 0x04, 0x61], [0x02, 0x16, 0x02, 0x00], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x02, 0x08, 0x61, 0x62, 0x63],
        ] as [[UInt8]]
    )
    func `what is no Snappy is refused`(bytes: [UInt8]) {
        #expect(throws: ParquetError.self) { try Snappy.unpack(bytes[...], to: 2) }
    }

    @Test(
        arguments: [
            (0, "1970-01-01"), (-719_468, "0000-03-01"), (2_932_896, "9999-12-31"), (-719_529, "-0001-12-31"),
        ] as [(Int64, String)]
    )
    func `a day is a date`(days: Int64, text: String) {
        #expect(Moment.date(days: days) == text)
    }

    @Test(
        arguments: [
            (Int64.min, 1_000), (Int64.max, 1_000_000_000), (Int64.min, 1_000_000_000),
            (Int64.min, 1_000_000),
        ] as [(Int64, Int64)]
    )
    func `times far away are times`(value: Int64, perSecond: Int64) {
        #expect(Moment.text(value, per: perSecond, isUTC: true).hasSuffix("Z"))
        #expect(!Moment.date(days: value).isEmpty)
    }

    @Test(
        arguments: [
            (Int128(1_230), 2, "12.30"), (-5, 2, "-0.05"), (0, 3, "0.000"), (7, 0, "7"),
            (Int128.min, 2, "-1701411834604692317316873037158841057.28"),
        ] as [(Int128, Int, String)]
    )
    func `a decimal has its point`(value: Int128, scale: Int, text: String) {
        #expect(ValueText.decimal(value, scale: scale) == text)
    }
}
