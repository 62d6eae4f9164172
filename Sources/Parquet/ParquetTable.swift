/// The schema and the first rows of a Parquet file.
///
/// - Source: Apache Parquet Format 2.10, `README.md`, `parquet.thrift`, `Encodings.md`, `LogicalTypes.md`.
package struct ParquetTable: Sendable {
    /// Reads a range of the file's bytes; answers as many as there are.
    package typealias Source = @Sendable (Range<Int64>) async throws -> [UInt8]

    /// A column of values: a leaf of the schema.
    package struct Column: Sendable {
        /// Its path, such as `box.width`.
        package let name: String
        /// What it holds, such as `timestamp[us, UTC]`.
        package let type: String
        package let mayBeAbsent: Bool
        package let content: Content
    }

    package enum Content: Sendable, Hashable {
        /// Of each row; nil for none.
        case values([String?])
        /// Why its values are not shown.
        case unread(String)
    }

    package let columns: [Column]
    /// How many columns there are beyond those.
    package let hiddenColumns: Int
    /// Of the whole file.
    package let rowCount: Int64
    package let rowGroupCount: Int
    /// The program that wrote it.
    package let writer: String?

    /// How many rows were read.
    package var shownRows: Int {
        columns.map { column in
            if case .values(let values) = column.content { values.count } else { 0 }
        }.max() ?? 0
    }

    /// Reads the end of a file, which says what is in it, and the beginning of each column.
    ///
    /// Memory and time are bounded by `ParquetLimits`, whatever the bytes say.
    ///
    /// - Parameters:
    ///   - sizeBytes: Of the file.
    ///   - limits: How much is read.
    ///   - source: Where the bytes are.
    /// - Throws: `ParquetError` where the file is none or broken, and what the source throws. A column that cannot be read says
    ///   so by itself.
    package init(
        sizeBytes: Int64,
        limits: ParquetLimits = ParquetLimits(),
        from source: @escaping Source
    ) async throws {
        let footer = try await Footer.read(sizeBytes: sizeBytes, limits, source)
        let leaves = try footer.leaves()
        var budget = limits.bytes
        var columns: [Column] = []
        for (place, leaf) in leaves.prefix(limits.columns).enumerated() {
            var content = Content.values([])
            if let group = footer.firstGroup {
                let reader = ColumnReader(leaf: leaf, chunk: group.columns[safe: place], limits: limits)
                content = try await reader.read(sizeBytes: sizeBytes, budget: &budget, source)
            }
            columns.append(
                Column(
                    name: leaf.name,
                    type: leaf.typeName,
                    mayBeAbsent: leaf.definitionLevels > leaf.repetitionLevels,
                    content: content
                )
            )
        }
        self.columns = columns
        hiddenColumns = leaves.count - columns.count
        rowCount = footer.rowCount
        rowGroupCount = footer.rowGroupCount
        writer = footer.writer
    }
}

/// How much of a file is read to show its beginning.
package struct ParquetLimits: Sendable {
    package var rows = 100
    package var columns = 100
    /// Of the description at the end of the file.
    package var footerBytes = 8 << 20
    /// Of one page, packed or not.
    package var pageBytes = 8 << 20
    /// Of all pages, unpacked.
    package var bytes = 48 << 20
    /// Of one column, in rows and lists.
    package var entries = 200_000
    /// Of one value, as it is shown.
    package var textBytes = 500

    package init() {}
}

package enum ParquetError: Error, Hashable {
    /// What is wrong with the file.
    case broken(String)
    /// What it has that is not read here.
    case unsupported(String)
}

extension Array {
    /// Nil where there is none.
    subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
