import FoundationEssentials
import Testing

@testable import Parquet

@Suite struct ParquetTableTests {
    private static func bytes(_ text: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: text)))
    }

    private static func read(
        _ bytes: [UInt8],
        _ limits: ParquetLimits = ParquetLimits()
    ) async throws -> ParquetTable {
        try await ParquetTable(sizeBytes: Int64(bytes.count), limits: limits) { range in
            Array(bytes[Int(range.lowerBound)..<min(Int(range.upperBound), bytes.count)])
        }
    }

    private static let values: [String: [String?]] = [
        "id": ["1", "2", "3"], "name": ["ann", nil, "bob <b>"], "ratio": ["0.5", "nan", nil],
        "flag": ["true", nil, "false"],
        "when": ["1970-01-01 00:00:00Z", "2023-11-14 22:13:20.123456Z", nil],
        "day": ["2024-02-29", nil, "1969-12-31"], "price": ["12.30", "-0.05", nil],
        "small": ["1", "255", nil],
        "raw": ["0x00ff", "", nil], "tags": ["[a, b]", "[]", nil], "box.w": ["1", nil, nil],
        "box.h": ["[1.5]", nil, "[]"], "at": ["12:30:01", nil, nil], "half": ["1.5", "-2.0", "0.0"],
    ]

    @Test(arguments: [WrittenFiles.standard, WrittenFiles.plain, WrittenFiles.gzip, WrittenFiles.old])
    func `what pyarrow writes is read`(text: String) async throws {
        let table = try await Self.read(Self.bytes(text))

        #expect((table.rowCount, table.rowGroupCount, table.hiddenColumns) == (3, 1, 0))
        #expect(table.shownRows == 3)
        #expect(table.writer?.hasPrefix("parquet-cpp-arrow") == true)
        #expect(Set(table.columns.map(\.name)) == Set(Self.values.keys))
        for column in table.columns where column.name != "when" || column.type.contains("UTC") {
            #expect(column.content == .values(Self.values[column.name] ?? []), "\(column.name)")
        }
    }

    @Test func `columns say their types`() async throws {
        let table = try await Self.read(Self.bytes(WrittenFiles.standard))

        let types = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.type) })
        #expect(types["when"] == "timestamp[us, UTC]")
        #expect(types["price"] == "decimal(10, 2)")
        #expect(types["tags"] == "list<string>")
        #expect(types["small"] == "uint8")
        #expect(types["box.h"] == "list<float>")
        #expect(types["half"] == "float16")
    }

    @Test func `times of 96 bits are read`() async throws {
        let table = try await Self.read(Self.bytes(WrittenFiles.old))

        let when = try #require(table.columns.first { $0.name == "when" })
        #expect(when.content == .values(["1970-01-01 00:00:00", "2023-11-14 22:13:20.123456", nil]))
    }

    @Test func `what is packed otherwise says so, with its schema`() async throws {
        let table = try await Self.read(Self.bytes(WrittenFiles.zstandard))

        #expect(table.rowCount == 3)
        #expect(table.columns[0].content == .unread("it is packed by Zstandard"))
        #expect(table.columns[1].type == "string")
    }

    @Test func `no more is read than asked for`() async throws {
        var limits = ParquetLimits()
        (limits.rows, limits.columns, limits.textBytes) = (2, 3, 2)

        let table = try await Self.read(Self.bytes(WrittenFiles.standard), limits)

        #expect((table.columns.count, table.hiddenColumns, table.shownRows) == (3, 11, 2))
        #expect(table.columns[1].content == .values(["an…", nil]))
        limits.bytes = 10
        #expect(try await Self.read(Self.bytes(WrittenFiles.standard), limits).shownRows == 0)
    }

    @Test(arguments: [
        [], Array("PAR1PAR1".utf8), Array("PAR1\u{ff}\u{ff}\u{ff}\u{7f}PAR1".utf8),
        Array("hello, world".utf8),
    ])
    func `what is no such file says so`(bytes: [UInt8]) async throws {
        await #expect(throws: ParquetError.self) { try await Self.read(bytes) }
    }

    /// A byte wrong here and there, cut at many places, and many bytes wrong at once: whatever comes of it, it ends.
    @Test(arguments: [WrittenFiles.standard, WrittenFiles.plain, WrittenFiles.gzip, WrittenFiles.old])
    func `a broken file ends neither the program nor its patience`(text: String) async throws {
        let whole = try Self.bytes(text)
        func attempt(_ bytes: [UInt8]) async throws {
            do {
                _ = try await Self.read(bytes)
            } catch is ParquetError {}
        }
        let wrongs: [UInt8] = [0x00, 0x7F, 0x80, 0xFF]
        for place in stride(from: 0, to: whole.count, by: 3) {
            var bytes = whole
            bytes[place] = wrongs[place % wrongs.count]
            try await attempt(bytes)
            if place % 33 == 0 { try await attempt(Array(whole[..<place])) }
        }
        var random = SplitMix(state: 1_790_000_000)
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...24, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            try await attempt(bytes)
        }
    }
}

/// Numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
