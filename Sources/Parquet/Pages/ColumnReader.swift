/// Reads the first values of a column.
struct ColumnReader: Sendable {
    let leaf: Leaf
    /// Nil where the file does not say where it lies, or elsewhere.
    let chunk: Footer.Chunk??
    let limits: ParquetLimits

    private static let headerBytes: Int64 = 64 << 10
    private static let mostPages = 1_000

    /// Reads it with what is left of `budget`, in unpacked bytes; what is wrong with the column is its content, and only what the
    /// source throws is thrown.
    func read(
        sizeBytes: Int64,
        budget: inout Int,
        _ source: ParquetTable.Source
    ) async throws -> ParquetTable.Content {
        guard let chunk = chunk ?? nil else { return .unread("its values are in another file") }
        guard let codec = Codec(rawValue: chunk.codec) else {
            return .unread("it is packed in an unknown way")
        }
        do {
            guard chunk.start >= 4, chunk.sizeBytes >= 0, chunk.start <= sizeBytes,
                chunk.sizeBytes <= sizeBytes - chunk.start
            else { throw ParquetError.broken("it lies outside the file") }
            return .values(try await rows(of: chunk, codec, budget: &budget, source))
        } catch let error as ParquetError {
            switch error {
            case .broken(let reason), .unsupported(let reason): return .unread(reason)
            }
        }
    }

    private func rows(
        of chunk: Footer.Chunk,
        _ codec: Codec,
        budget: inout Int,
        _ source: ParquetTable.Source
    ) async throws -> [String?] {
        var assembler = RowAssembler(leaf: leaf, limit: limits.rows)
        var dictionary: [String]?
        var (place, end, entries, seen) = (chunk.start, chunk.start + chunk.sizeBytes, 0, Int64(0))
        for _ in 0..<Self.mostPages where place < end && seen < chunk.valueCount {
            let head = try await source(place..<min(place + Self.headerBytes, end))
            let header = try PageHeader(head[...])
            guard header.packedBytes <= limits.pageBytes, header.unpackedBytes <= limits.pageBytes,
                header.unpackedBytes <= budget
            else { throw ParquetError.unsupported("its pages are large") }
            budget -= header.unpackedBytes
            let body = place + Int64(header.sizeBytes)
            let next = body + Int64(header.packedBytes)
            guard next <= end else { throw ParquetError.broken("a page is longer than its column") }
            place = next
            let isInHead = header.sizeBytes + header.packedBytes <= head.count
            let bytes =
                isInHead
                ? head[header.sizeBytes..<header.sizeBytes + header.packedBytes]
                : try await source(body..<next)[...]
            guard bytes.count == header.packedBytes else { throw ParquetError.broken("the file ends early") }
            switch header.kind {
            case .dictionary: dictionary = try values(ofDictionary: bytes, header, codec)
            case .data, .newData:
                seen += Int64(header.valueCount)
                var page = try Page(header, bytes, codec, leaf, dictionary, textBytes: limits.textBytes)
                try page.read(into: &assembler, entries: &entries, most: limits.entries)
                if page.isLeft { return assembler.rows }
            case .other: continue
            }
        }
        assembler.close()
        return assembler.rows
    }

    private func values(
        ofDictionary bytes: ArraySlice<UInt8>,
        _ header: PageHeader,
        _ codec: Codec
    ) throws(ParquetError) -> [String] {
        let unpacked = try codec.unpack(bytes, to: header.unpackedBytes)
        var values = PlainValues(unpacked[...], of: leaf, textBytes: limits.textBytes)
        var texts: [String] = []
        for _ in 0..<header.valueCount {
            guard texts.count < limits.entries else { break }
            texts.append(try values.next())
        }
        return texts
    }
}

/// A page of values, unpacked.
private struct Page {
    private let count: Int
    private let leaf: Leaf
    private var repetitions: HybridReader?
    private var definitions: HybridReader?
    private var values: PageValues
    /// Whether there was more than was wanted.
    private(set) var isLeft = false

    init(
        _ header: PageHeader,
        _ bytes: ArraySlice<UInt8>,
        _ codec: Codec,
        _ leaf: Leaf,
        _ dictionary: [String]?,
        textBytes: Int
    ) throws(ParquetError) {
        count = header.valueCount
        self.leaf = leaf
        let (repetitionWidth, definitionWidth) = (
            Self.width(of: leaf.repetitionLevels), Self.width(of: leaf.definitionLevels)
        )
        var rest: ArraySlice<UInt8>
        if header.kind == .newData {
            let levels = header.repetitionBytes + header.definitionBytes
            guard levels <= bytes.count, levels <= header.unpackedBytes else { throw Self.ended }
            let start = bytes.startIndex + header.repetitionBytes
            repetitions = try HybridReader(bytes[..<start], width: repetitionWidth)
            definitions = try HybridReader(
                bytes[start..<start + header.definitionBytes],
                width: definitionWidth
            )
            let packed = bytes.dropFirst(levels)
            let size = header.unpackedBytes - levels
            // A page without values is not packed, whatever it says.
            rest =
                packed.isEmpty ? packed : try (header.isPacked ? codec : .none).unpack(packed, to: size)[...]
        } else {
            rest = try codec.unpack(bytes, to: header.unpackedBytes)[...]
            if leaf.repetitionLevels > 0 { repetitions = try Self.levels(&rest, repetitionWidth) }
            if leaf.definitionLevels > 0 { definitions = try Self.levels(&rest, definitionWidth) }
        }
        values = try PageValues(
            rest,
            encoding: header.encoding,
            of: leaf,
            dictionary: dictionary,
            textBytes: textBytes
        )
    }

    /// Gives values to `assembler` until it has enough rows, or as many as `most` were read of the column.
    mutating func read(
        into assembler: inout RowAssembler,
        entries: inout Int,
        most: Int
    ) throws(ParquetError) {
        for _ in 0..<count {
            let repetition = try repetitions?.next() ?? 0
            if repetition == 0, assembler.isFull {
                assembler.close()
                isLeft = true
                return
            }
            guard entries < most else {
                isLeft = true
                return
            }
            entries += 1
            let definition = try definitions?.next() ?? 0
            let isThere = definition == leaf.definitionLevels
            assembler.take(
                repetition: repetition,
                definition: definition,
                isThere ? try values.next() : nil
            )
        }
    }

    private static var ended: ParquetError { .broken("a page ends early") }

    private static func width(of level: Int) -> Int { Int.bitWidth - level.leadingZeroBitCount }

    /// Levels of a page of the first version, which say how long they are.
    private static func levels(
        _ bytes: inout ArraySlice<UInt8>,
        _ width: Int
    ) throws(ParquetError) -> HybridReader {
        guard bytes.count >= 4 else { throw ended }
        let count = (0..<4).reduce(0) { $0 | Int(bytes[bytes.startIndex + $1]) << (8 * $1) }
        bytes = bytes.dropFirst(4)
        guard count <= bytes.count else { throw ended }
        let reader = try HybridReader(bytes.prefix(count), width: width)
        bytes = bytes.dropFirst(count)
        return reader
    }
}
