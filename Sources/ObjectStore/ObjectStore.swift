package import NIOCore

/// Where bytes are kept: on a disk here, in a bucket elsewhere.
///
/// It knows locations and bytes and nothing of names, counts or callers; the tables of this room do.
package protocol ObjectStore: Sendable {
    /// Takes a body to its end and keeps it.
    ///
    /// A body of at most `inlineBytes` comes back in memory, hashed, and is not kept: the database makes small contents
    /// durable more cheaply than a file of their own. A longer one is on stable storage when this returns. A body that
    /// fails, or is longer than `limitBytes`, leaves nothing.
    ///
    /// - Throws: `Failure.tooLarge` beyond `limitBytes`; what the body throws.
    func put<Body: AsyncSequence & Sendable>(
        _ body: Body,
        inlineBytes: Int,
        limitBytes: Int64
    ) async throws -> StoredContent where Body.Element == ByteBuffer

    /// Opens stored bytes for reading; they can be read to the end even if they are removed meanwhile.
    ///
    /// - Throws: `MissingObject` if nothing lies there.
    func open(_ location: ObjectLocation, sizeBytes: Int64) async throws -> any ObjectContent

    /// Frees bytes; nothing there is as good as freed.
    func remove(_ location: ObjectLocation) async throws

    /// Keeps a part of an upload; durable when it returns.
    ///
    /// - Throws: `Failure.tooLarge` beyond `limitBytes`; what the body throws.
    func putPart<Body: AsyncSequence & Sendable>(
        _ body: Body,
        of upload: UploadID,
        at place: PartPlace,
        limitBytes: Int64
    ) async throws -> (hash: ContentHash, sizeBytes: Int64) where Body.Element == ByteBuffer

    /// Makes one object of parts, in their order; the parts stay until `drop`.
    func join(_ parts: [StoredPart], of upload: UploadID) async throws -> StoredContent

    /// Frees whatever was kept for an upload.
    func drop(_ upload: UploadID) async throws

    /// The uploads for which something is kept since before a time in epoch milliseconds.
    func uploads(begunBeforeMs: Int64) async throws -> [UploadID]

    /// Frees what processes that have ended left half written.
    func sweep() async throws

    /// What lies in one of the 256 shards and was written before a time in epoch milliseconds.
    func locations(shard: UInt8, writtenBeforeMs: Int64) async throws -> [ObjectLocation]
}

/// A content that was received whole.
package enum StoredContent: Sendable {
    case inline(ContentHash, ByteBuffer)
    case stored(ObjectLocation, sizeBytes: Int64)
}

/// Bytes that are open for reading.
package protocol ObjectContent: Sendable {
    var sizeBytes: Int64 { get }

    /// Gives a range piece by piece, in order, each piece once the one before was taken; some pieces are read ahead.
    func forEachPiece(
        of range: Range<Int64>,
        _ body: (ByteBuffer) async throws -> Void
    ) async throws
}

/// There is no room for what was to be kept; nothing of it is left.
package struct StorageFull: Error, CustomStringConvertible {
    let cause: any Error

    package var description: String { "\(cause)" }
}

/// The database knows an object whose bytes are gone: a fault of the storage, never of a caller.
package struct MissingObject: Error, CustomStringConvertible {
    let location: ObjectLocation
    /// Where they should lie; nil for the database.
    var folder: String?

    package var description: String {
        "the file's bytes are not in \(folder ?? "the database"): \(location.name)"
    }
}
