internal import Core
internal import Database

/// An upload and the parts of it that were received.
struct Upload: Sendable {
    let isComplete: Bool
    let parts: [Int64: StoredPart]

    /// The parts that a caller names, in the order of their numbers.
    func choose(_ wanted: [(number: Int64, tag: String)]) throws -> [StoredPart] {
        guard !wanted.isEmpty, Set(wanted.map(\.number)).count == wanted.count else {
            throw Failure.invalid("An upload is completed with each of its parts once.")
        }
        return try wanted.sorted { $0.number < $1.number }.map { number, tag in
            let tag = tag.trimmingPrefix("\"")
            guard let part = parts[number], tag == part.hash.hex || tag == part.hash.hex + "\"" else {
                throw Failure.invalid("Part \(number) was not received, or not with the tag '\(tag)'.")
            }
            return part
        }
    }
}

/// What a row of `uploads` says.
struct UploadState: Sendable {
    let partCount: Int64
    let partBytes: Int64?
    let isComplete: Bool
}

extension Connection {
    func uploadState(_ id: UploadID) throws -> UploadState? {
        try first(
            """
            SELECT part_count, part_bytes, completed_ms FROM uploads WHERE upload_id = \(id.text) \(.forUpdate)
            """
        ) { UploadState(partCount: $0.int(0), partBytes: $0.optionalInt(1), isComplete: !$0.isNull(2)) }
    }

    func upload(_ id: UploadID, to path: ArtifactPath, in workspace: WorkspaceID) throws -> Upload {
        let isComplete = try first(
            """
            SELECT completed_ms FROM uploads
            WHERE upload_id = \(id.text) AND workspace_id = \(workspace.key) AND path = \(path.text)
            """
        ) { !$0.isNull(0) }
        guard let isComplete else { throw noUpload(id) }
        var offsets: [Int64: StoredPart] = [:]
        try forEach(
            """
            SELECT p.part_number, p.sha256, p.size_bytes, p.nonce, u.part_bytes
            FROM upload_parts p JOIN uploads u ON u.upload_id = p.upload_id
            WHERE p.upload_id = \(id.text) AND p.sha256 IS NOT NULL
            """
        ) { row in
            let number = row.int(0)
            let place =
                row.optionalInt(3).map(PartPlace.own) ?? .whole(offsetBytes: (number - 1) * row.int(4))
            offsets[number] = StoredPart(
                hash: ContentHash(bytes: row.blob(1)),
                sizeBytes: row.int(2),
                place: place
            )
        }
        return Upload(isComplete: isComplete, parts: offsets)
    }

    /// Says where a part goes, and keeps its place for it if that is in the whole.
    ///
    /// The first part that is not the last tells how long all but the last are. A part that comes again goes to a place
    /// of its own, since the first attempt may still be writing.
    func placePart(_ number: Int64, of id: UploadID, sizeBytes: Int64?) throws -> PartPlace {
        guard let state = try uploadState(id), !state.isComplete else { throw noUpload(id) }
        guard (1...state.partCount).contains(number) else {
            throw Failure.invalid("The upload has \(state.partCount) parts, and no part \(number).")
        }
        let own = PartPlace.own(.random(in: .min ... .max))
        guard let sizeBytes, sizeBytes > 0 else { return own }
        let isLast = number == state.partCount
        guard let partBytes = state.partBytes ?? (isLast ? nil : sizeBytes),
            isLast ? sizeBytes <= partBytes : sizeBytes == partBytes
        else { return own }
        let isTaken =
            try execute(
                """
                INSERT INTO upload_parts (upload_id, part_number, size_bytes) VALUES (\(id.text), \(number), 0)
                ON CONFLICT DO NOTHING
                """
            ) == 0
        if isTaken { return own }
        if state.partBytes == nil {
            try execute("UPDATE uploads SET part_bytes = \(partBytes) WHERE upload_id = \(id.text)")
        }
        return .whole(offsetBytes: (number - 1) * partBytes)
    }

    func record(_ part: StoredPart, _ number: Int64, of id: UploadID) throws {
        guard let state = try uploadState(id), !state.isComplete else { throw noUpload(id) }
        switch part.place {
        case .whole:
            try execute(
                """
                UPDATE upload_parts SET size_bytes = \(part.sizeBytes), sha256 = \(part.hash.bytes)
                WHERE upload_id = \(id.text) AND part_number = \(number) AND nonce IS NULL
                """
            )
        case .own(let nonce):
            try execute(
                """
                INSERT INTO upload_parts (upload_id, part_number, size_bytes, sha256, nonce)
                VALUES (\(id.text), \(number), \(part.sizeBytes), \(part.hash.bytes), \(nonce))
                ON CONFLICT (upload_id, part_number) DO UPDATE
                SET size_bytes = excluded.size_bytes, sha256 = excluded.sha256, nonce = excluded.nonce
                """
            )
        }
    }

    private func noUpload(_ id: UploadID) -> Failure {
        .missing("The multipart upload '\(id.text)' is not under way.")
    }
}
