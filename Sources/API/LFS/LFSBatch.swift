import Core
import HTTPTypes
import ObjectStore
import Repositories

/// The wish to send or to get some large files.
struct LFSBatch: Sendable {
    let direction: Direction
    let objects: [Object]

    /// `git lfs` asks for a hundred at a time.
    static let objectLimit = 1_000

    enum Direction: String, Sendable {
        case download, upload
    }

    init(_ message: Message) throws {
        guard let direction = try message.string("operation").flatMap(Direction.init) else {
            throw Failure.invalid("The operation must be 'download' or 'upload'.")
        }
        self.direction = direction
        let transfers = try message.strings("transfers")
        guard transfers.isEmpty || transfers.contains("basic") else {
            throw Failure.invalid("This server knows the transfer 'basic' only.")
        }
        guard try message.string("hash_algo") ?? "sha256" == "sha256" else {
            throw LFSRefusal(status: .conflict, message: "This server knows the hash 'sha256' only.")
        }
        try message.checkRef()
        guard try message.has("objects") else { throw Failure.invalid("The objects are missing.") }
        let objects = try message.messages("objects")
        guard objects.count <= Self.objectLimit else {
            throw Failure(.tooLarge, "One request may be about \(Self.objectLimit) objects.")
        }
        self.objects = try objects.map(Object.init)
    }

    /// One of them as the client knows it, which may be wrong.
    struct Object: Sendable {
        let id: String
        let sizeBytes: Int64

        init(_ message: Message) throws {
            guard let id = try message.string("oid"), let sizeBytes = try message.integer("size") else {
                throw Failure.invalid("An object has an oid and a size.")
            }
            (self.id, self.sizeBytes) = (id, sizeBytes)
        }

        /// Nil for what is no SHA-256.
        var hash: ContentHash? { ContentHash(hex: id) }

        static let badID = Failure.invalid("An oid is a SHA-256 in 64 lower-case hexadecimal digits.")

        func otherSize(than file: LargeFile) -> Failure {
            .invalid("The object \(id) has \(file.sizeBytes) bytes, not \(sizeBytes).")
        }
    }
}

/// Where the bytes of large files go.
struct LFSLinks: Sendable {
    /// Up to `/info/lfs`.
    let base: String
    /// What is to be shown there; nil where a client shows what it has shown to ask.
    let authorization: String?
}

extension LFSBatch.Object {
    /// Writes what a client is to do with this.
    func write(
        _ direction: LFSBatch.Direction,
        _ file: LargeFile?,
        _ links: LFSLinks,
        to json: inout JSONWriter
    ) {
        json.field("oid", id)
        json.field("size", sizeBytes)
        if let failure = failure(direction, file) {
            json.object("error") { json in
                json.field("code", Int(failure.code.lfsStatus.code))
                json.field("message", failure.message)
            }
            return
        }
        switch (direction, file) {
        case (.download, _):
            json.object("actions") { $0.link("download", "/objects/\(id)", links) }
        case (.upload, nil):
            json.object("actions") { json in
                json.link("upload", "/objects/\(id)", links)
                json.link("verify", "/verify", links)
            }
        // What is there already needs no action.
        case (.upload, _): break
        }
    }

    private func failure(_ direction: LFSBatch.Direction, _ file: LargeFile?) -> Failure? {
        guard hash != nil else { return Self.badID }
        guard sizeBytes >= 0 else { return .invalid("A size is not negative.") }
        guard let file else {
            return direction == .upload ? nil : .missing("The repository has no object \(id).")
        }
        return file.sizeBytes == sizeBytes ? nil : otherSize(than: file)
    }
}

extension JSONWriter {
    fileprivate mutating func link(_ name: StaticString, _ path: String, _ links: LFSLinks) {
        object(name) { json in
            json.field("href", links.base + path)
            guard let authorization = links.authorization else { return }
            json.object("header") { $0.field("Authorization", authorization) }
        }
    }
}
