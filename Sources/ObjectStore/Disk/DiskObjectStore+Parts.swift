internal import Core
internal import Glibc
package import NIOCore
internal import NIOPosix

/// Uploads in parts.
///
///     parts/<upload>/whole      parts in their places, one file for all
///     parts/<upload>/<number>   parts of their own
extension DiskObjectStore {
    package func putPart<Body: AsyncSequence & Sendable>(
        _ body: Body,
        of upload: UploadID,
        at place: PartPlace,
        limitBytes: Int64
    ) async throws -> (hash: ContentHash, sizeBytes: Int64) where Body.Element == ByteBuffer {
        let file = try await pool.runIfActive { try openPart(place, of: upload) }
        var writer = FileWriter(file: file, start: place.offsetBytes, pool: pool)
        var sizeBytes: Int64 = 0
        for try await chunk in body {
            sizeBytes += Int64(chunk.readableBytes)
            guard sizeBytes <= limitBytes else { throw Failure.tooLarge(limitBytes) }
            try await writer.append(chunk)
        }
        let hash = try await writer.finish()
        try await pool.runIfActive {
            try file.sync()
            // Whoever completes the upload next need not wait until nobody remembers the file.
            file.unlock()
        }
        return (hash.value, hash.sizeBytes)
    }

    package func join(_ parts: [StoredPart], of upload: UploadID) async throws -> StoredContent {
        try await pool.runIfActive {
            let folder = try folder(of: upload)
            if let whole = try inPlace(parts, in: folder) { return whole }
            let incoming = try IncomingFile(in: self.incoming)
            var hash = RunningHash()
            for part in parts {
                guard let file = try folder.open(part.place.name, O_RDONLY) else {
                    throw LostPart(upload: upload)
                }
                try file.copy(part, to: incoming.file, &hash)
            }
            let location = ObjectLocation.new(hash.value)
            try incoming.file.sync()
            try incoming.move(to: shard(of: location), as: location.name)
            return .stored(location, sizeBytes: hash.sizeBytes)
        }
    }

    package func drop(_ upload: UploadID) async throws {
        try await pool.runIfActive {
            guard let folder = try partFolders.open(upload.text, O_RDONLY | O_DIRECTORY) else { return }
            for name in try folder.names() { try folder.unlink(name) }
            try partFolders.removeFolder(upload.text)
        }
    }

    package func uploads(begunBeforeMs: Int64) async throws -> [UploadID] {
        try await pool.runIfActive {
            try partFolders.names().compactMap { name in
                guard let upload = UploadID(name), let folder = try partFolders.open(name, O_RDONLY),
                    try folder.status().modifiedMs < begunBeforeMs
                else { return nil }
                return upload
            }
        }
    }

    private func folder(of upload: UploadID) throws -> OpenFile {
        guard let folder = try partFolders.open(upload.text, O_RDONLY | O_DIRECTORY) else {
            throw LostPart(upload: upload)
        }
        return folder
    }

    private func openPart(_ place: PartPlace, of upload: UploadID) throws -> OpenFile {
        let folder = try partFolders.makeFolder(upload.text)
        guard let file = try folder.open(place.name, O_RDWR | O_CREAT) else {
            throw SystemError.last("create")
        }
        guard case .whole = place else { return file }
        // Who writes in place holds the file, and what has become an object is not written any more.
        guard file.lock(shared: true), try file.status().nameCount == 1 else {
            throw Failure.unavailable("The upload is being completed.")
        }
        return file
    }

    /// Makes the file with the parts in their places an object, if that is what they are.
    ///
    /// - Returns: Nil where a part lies elsewhere, or somebody is still writing to the file.
    private func inPlace(_ parts: [StoredPart], in folder: OpenFile) throws -> StoredContent? {
        var offsetBytes: Int64 = 0
        for (index, part) in parts.enumerated() {
            // The last part may be copied to its place: the end of a file belongs to nobody else.
            let isCopied = index == parts.count - 1 && index > 0 && part.place.isOwn
            guard isCopied || part.place == .whole(offsetBytes: offsetBytes) else { return nil }
            offsetBytes += part.sizeBytes
        }
        guard let whole = try folder.open(PartPlace.wholeName, O_RDWR), whole.lock(),
            try whole.status().nameCount == 1
        else { return nil }
        var hash = RunningHash()
        for part in parts {
            if part.place.isOwn {
                guard let file = try folder.open(part.place.name, O_RDONLY) else { return nil }
                try file.copy(part, to: whole, &hash)
            } else {
                try whole.hash(part, &hash)
            }
        }
        try whole.truncate(to: offsetBytes)
        try whole.sync()
        let location = ObjectLocation.new(hash.value)
        try folder.link(PartPlace.wholeName, to: shard(of: location), as: location.name)
        try shard(of: location).sync()
        return .stored(location, sizeBytes: offsetBytes)
    }
}

/// Parts that the database knows are not there.
struct LostPart: Error {
    let upload: UploadID
}

extension PartPlace {
    static let wholeName = "whole"

    var name: String {
        switch self {
        case .whole: Self.wholeName
        case .own(let number): String(UInt64(bitPattern: number), radix: 16)
        }
    }

    var isOwn: Bool {
        if case .own = self { true } else { false }
    }

    fileprivate var offsetBytes: Int64 {
        if case .whole(let offsetBytes) = self { offsetBytes } else { 0 }
    }
}

extension OpenFile {
    /// Appends a part that lies in this file to another, and to the hash of what is there.
    fileprivate func copy(_ part: StoredPart, to target: OpenFile, _ hash: inout RunningHash) throws {
        try forEachPiece(of: part) { piece in
            try target.write(piece, at: hash.sizeBytes)
            hash.update(piece)
        }
    }

    fileprivate func hash(_ part: StoredPart, _ hash: inout RunningHash) throws {
        try forEachPiece(of: part) { hash.update($0) }
    }

    private func forEachPiece(of part: StoredPart, _ body: (ByteBuffer) throws -> Void) throws {
        var offset = part.place.offsetBytes
        let end = offset + part.sizeBytes
        while offset < end {
            let piece = try read(Int(min(1 << 20, end - offset)), at: offset)
            guard piece.readableBytes > 0 else { throw TruncatedFile() }
            try body(piece)
            offset += Int64(piece.readableBytes)
        }
    }
}
