internal import Core
package import Database
package import NIOCore

/// Objects that something else than a file refers to: a table of another room has the key of an object, and each row of it
/// is one reference.
extension FileStore {
    /// Takes a content whose hash was said before to its end, and counts a reference to it; durable when it returns.
    ///
    /// - Parameters:
    ///   - body: The content.
    ///   - hash: What it must be.
    ///   - note: Notes the key and the size of the object, in the transaction that counts the reference.
    /// - Returns: What `note` returns.
    /// - Throws: `Failure.invalid` where the content is another; what `body` and `note` throw. Then nothing is kept.
    package func receive<Body: AsyncSequence & Sendable, Value: Sendable>(
        _ body: Body,
        hashed hash: ContentHash,
        noting note:
            @escaping @Sendable (any Connection, _ objectKey: Int64, _ sizeBytes: Int64) throws -> Value
    ) async throws -> Value where Body.Element == ByteBuffer {
        let content = try await objects.put(body, inlineBytes: Self.inlineBytes, limitBytes: .max)
        let object = NewObject(content)
        guard object.hash == hash else {
            if let location = object.location { try await objects.remove(location) }
            throw Failure.invalid("The content has the SHA-256 \(object.hash.hex), not \(hash.hex).")
        }
        return try await keep(object) { connection in
            let known = try connection.acquire(object)
            return (try note(connection, known.key, object.sizeBytes), known)
        }
    }

    /// Takes a content and counts a reference to it; durable when it returns.
    ///
    /// - Parameters:
    ///   - body: The content.
    ///   - limitBytes: How long it may be.
    ///   - note: Notes the key and the size of the object, in the transaction that counts the reference.
    /// - Returns: What `note` returns.
    /// - Throws: `Failure.tooLarge` beyond the limit; what `body` and `note` throw. Then nothing is kept.
    package func receive<Body: AsyncSequence & Sendable, Value: Sendable>(
        _ body: Body,
        limitBytes: Int64,
        noting note:
            @escaping @Sendable (any Connection, _ objectKey: Int64, _ sizeBytes: Int64) throws -> Value
    ) async throws -> Value where Body.Element == ByteBuffer {
        let content = try await objects.put(body, inlineBytes: Self.inlineBytes, limitBytes: limitBytes)
        let object = NewObject(content)
        return try await keep(object) { connection in
            let known = try connection.acquire(object)
            return (try note(connection, known.key, object.sizeBytes), known)
        }
    }

    /// The hash of an object that a row refers to.
    ///
    /// - Throws: `Failure.missing` where there is none.
    package func hash(objectKey: Int64) async throws -> ContentHash {
        let hash = try await database.glance { connection in
            try connection.first("SELECT sha256 FROM objects WHERE object_key = \(objectKey)") {
                ContentHash(bytes: $0.blob(0))
            }
        }
        guard let hash else { throw Failure.missing("The object is gone.") }
        return hash
    }

    /// Opens an object that a row refers to.
    ///
    /// - Throws: `Failure.missing` where there is none; `MissingObject` where its bytes are gone.
    package func open(objectKey: Int64) async throws -> any ObjectContent {
        let found = try await database.read { connection in
            try connection.first(
                "SELECT sha256, nonce, size_bytes FROM objects WHERE object_key = \(objectKey)"
            ) {
                (
                    KnownObject(
                        key: objectKey,
                        hash: ContentHash(bytes: $0.blob(0)),
                        nonce: $0.optionalInt(1)
                    ), sizeBytes: $0.int(2)
                )
            }
        }
        guard let (object, sizeBytes) = found else { throw Failure.missing("The object is gone.") }
        return try await open(object, sizeBytes: sizeBytes)
    }

    /// Counts one more reference to each of some objects, which others refer to meanwhile.
    package static func hold(_ keys: [Int64], in connection: any Connection) throws {
        try connection.lockObjects(keys)
        try connection.execute(
            "UPDATE objects SET reference_count = reference_count + 1 WHERE object_key \(anyOf: keys)"
        )
    }

    /// Counts references that are gone; an object without any is freed by `collectGarbage` after a time.
    package static func release(_ keys: [Int64], in connection: any Connection) throws {
        try connection.release(keys)
    }
}

/// What all that refers to objects stands on.
extension FileStore {
    /// Keeps a content that was received, for which `body` counts a reference; what it is not needed for any more is freed.
    func keep<Value: Sendable>(
        _ object: NewObject,
        with body: @escaping @Sendable (any Connection) throws -> (Value, KnownObject)
    ) async throws -> Value {
        do {
            let (value, known) = try await database.write(body)
            try await settle(object, known: known)
            return value
        } catch let refusal as Failure where refusal.code != .unavailable {
            // After any other error, such as a lost answer, the commit may have happened; the collector knows then, and
            // we do not.
            if let location = object.location { try await objects.remove(location) }
            throw refusal
        }
    }

    func open(_ object: KnownObject, sizeBytes: Int64) async throws -> any ObjectContent {
        if let nonce = object.nonce {
            return try await objects.open(
                ObjectLocation(hash: object.hash, nonce: nonce),
                sizeBytes: sizeBytes
            )
        }
        let content = try await database.read { connection in
            try connection.first("SELECT content FROM object_contents WHERE object_key = \(object.key)") {
                $0.blob(0)
            }
        }
        guard let content, content.count == Int(sizeBytes) else {
            throw MissingObject(location: ObjectLocation(hash: object.hash, nonce: 0))
        }
        return InlineContent(buffer: ByteBuffer(bytes: content))
    }

    /// Removes an upload whose content was there already; puts it in its place where that was lost.
    private func settle(_ object: NewObject, known: KnownObject) async throws {
        guard let location = object.location, known.nonce != location.nonce else { return }
        if let nonce = known.nonce {
            let old = ObjectLocation(hash: location.hash, nonce: nonce)
            do {
                _ = try await objects.open(old, sizeBytes: object.sizeBytes)
            } catch is MissingObject {
                return try await database.write { connection in
                    try connection.execute(
                        """
                        UPDATE objects SET nonce = \(location.nonce)
                        WHERE object_key = \(known.key) AND nonce = \(nonce)
                        """
                    )
                }
            }
        }
        try await objects.remove(location)
    }
}

/// A content that lay in the database and is in memory now.
private struct InlineContent: ObjectContent {
    let buffer: ByteBuffer

    var sizeBytes: Int64 { Int64(buffer.readableBytes) }

    func forEachPiece(of range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void) async throws {
        let range = range.clamped(to: 0..<sizeBytes)
        guard let piece = buffer.getSlice(at: Int(range.lowerBound), length: range.count), !range.isEmpty
        else {
            return
        }
        try await body(piece)
    }
}
