import Core
import ObjectStore
import Outbound

/// The large files of a repository of another server, as Git LFS asks for them.
///
/// - Source: `docs/api` of git-lfs 3: `server-discovery.md`, `batch.md`, `basic-transfers.md`.
struct RemoteLargeFiles: Sendable {
    private let client: OutboundClient
    private let origin: String
    private let endpoint: String
    private let credentials: String?

    /// So many objects are asked for at once, as `git lfs` does.
    static let batchLimit = 100
    private static let answerLimitBytes = 4 << 20
    private static let mostRedirects = 3
    private static let type = "application/vnd.git-lfs+json"

    enum Direction: String, Sendable {
        case download, upload
    }

    /// - Parameters:
    ///   - source: Who this server is there.
    ///   - address: Where the repository is.
    ///   - client: Asks.
    init(of source: RemoteSource, at address: WebAddress, by client: OutboundClient) {
        self.client = client
        origin = address.origin
        credentials = source.credentials
        var text = address.text
        while text.hasSuffix("/") { text.removeLast() }
        endpoint = text + (text.hasSuffix(".git") ? "/info/lfs" : ".git/info/lfs")
    }

    /// Asks where some large files come from or go to.
    ///
    /// - Returns: What is said of each, in their order.
    /// - Throws: `MirrorFailure` where there is no such answer.
    func offers(_ direction: Direction, _ pointers: [LFSPointer]) async throws -> [LargeFileOffer] {
        let page = try await MirrorFailure.telling {
            try await client.fetch(
                endpoint + "/objects/batch",
                posting: Self.request(direction, pointers),
                headers: headers,
                limitBytes: Self.answerLimitBytes
            )
        }
        guard page.status == 200 else { throw Self.failure(status: page.status) }
        let json: JSON
        do { json = try JSON(parsing: page.body) } catch {
            throw MirrorFailure("What the server says of large files is no JSON.")
        }
        guard case .array(let objects)? = json["objects"] else {
            throw MirrorFailure("The server says nothing of the large files that it was asked for.")
        }
        if case .string(let transfer)? = json["transfer"], transfer != "basic" {
            throw MirrorFailure("The server gives large files only by '\(MirrorFailure.clean(transfer))'.")
        }
        var known: [String: JSON] = [:]
        for object in objects {
            if case .string(let oid)? = object["oid"] { known[oid.lowercased()] = object }
        }
        return pointers.map { offer(direction, $0, known[$0.oid]) }
    }

    /// Gets a large file.
    ///
    /// - Parameters:
    ///   - pointer: Which.
    ///   - action: Where it is.
    ///   - take: Reads it.
    /// - Throws: `MirrorFailure` where it cannot be had; what `take` throws.
    func get(
        _ pointer: LFSPointer,
        by action: LargeFileAction,
        _ take: @Sendable (WebBody) async throws -> Void
    ) async throws {
        var (address, headers) = (action.address, action.headers)
        for _ in 0...Self.mostRedirects {
            do {
                return try await client.receive(
                    address,
                    headers: headers,
                    limitBytes: pointer.sizeBytes,
                    take
                )
            } catch let refusal as WebRefusal {
                let next = try Self.redirect(refusal, from: address)
                // Security: what was to be shown to one server is not shown to another.
                if next.origin != (try WebAddress(address, schemes: ["https", "http"])).origin {
                    headers = []
                }
                address = next.text
            } catch let error as OutboundError {
                throw MirrorFailure("\(error)")
            }
        }
        throw MirrorFailure("The server sends on from address to address.")
    }

    /// Sends a large file.
    ///
    /// - Throws: `MirrorFailure` where the server does not take it; `MissingObject` where it is lost here.
    func put(_ file: LargeFile, _ content: any ObjectContent, by offer: LargeFileOffer) async throws {
        guard let action = offer.transfer else { return }
        let hasType = action.headers.contains { $0.0.lowercased() == "content-type" }
        let answer = try await MirrorFailure.telling {
            try await client.put(
                sizeBytes: file.sizeBytes,
                headers: action.headers + (hasType ? [] : [("Content-Type", "application/octet-stream")]),
                to: action.address
            ) { write in
                try await content.forEachPiece(of: 0..<file.sizeBytes) { try await write($0) }
            }
        }
        guard 200..<300 ~= answer.status else { throw Self.failure(status: answer.status) }
        guard let verification = offer.verification else { return }
        let page = try await MirrorFailure.telling {
            try await client.fetch(
                verification.address,
                posting: Array(
                    JSON.object([
                        JSON.Member(key: "oid", value: .string(offer.pointer.oid)),
                        JSON.Member(key: "size", value: .integer(file.sizeBytes)),
                    ]).text.utf8
                ),
                headers: verification.headers + [("Content-Type", Self.type), ("Accept", Self.type)],
                limitBytes: Self.answerLimitBytes
            )
        }
        guard 200..<300 ~= page.status else { throw Self.failure(status: page.status) }
    }

    private var headers: [(String, String)] {
        [("Content-Type", Self.type), ("Accept", Self.type)]
            + (credentials.map { [("Authorization", $0)] } ?? [])
    }

    private static func request(_ direction: Direction, _ pointers: [LFSPointer]) -> [UInt8] {
        var json = JSONWriter(capacityBytes: pointers.count * 96 + 128)
        json.object { json in
            json.field("operation", direction.rawValue)
            json.array("transfers") { $0.value("basic") }
            json.array("objects") { json in
                for pointer in pointers {
                    json.object { json in
                        json.field("oid", pointer.oid)
                        json.field("size", pointer.sizeBytes)
                    }
                }
            }
            json.field("hash_algo", "sha256")
        }
        return json.bytes
    }

    private func offer(_ direction: Direction, _ pointer: LFSPointer, _ json: JSON?) -> LargeFileOffer {
        func refused(_ words: String) -> LargeFileOffer {
            LargeFileOffer(pointer: pointer, transfer: nil, verification: nil, refusal: words)
        }
        guard let json else { return refused("The server says nothing of it.") }
        if let error = json["error"], error != JSON.null {
            guard case .string(let message)? = error["message"] else {
                return refused("The server does not give it.")
            }
            return refused("The server says: \(MirrorFailure.clean(message))")
        }
        do {
            let actions = json["actions"]
            let action = actions?[direction.rawValue]
            guard direction == .upload || action != nil else {
                return refused("The server does not say where it is.")
            }
            return LargeFileOffer(
                pointer: pointer,
                transfer: try action.map(self.action),
                verification: try actions?["verify"].map(self.action),
                refusal: nil
            )
        } catch {
            return refused("\(error)")
        }
    }

    private func action(_ json: JSON) throws -> LargeFileAction {
        try LargeFileAction(json, credentials: credentials, origin: origin)
    }

    private static func redirect(_ refusal: WebRefusal, from address: String) throws -> WebAddress {
        guard [301, 302, 303, 307, 308].contains(refusal.status), let location = refusal.location else {
            throw failure(status: refusal.status)
        }
        return try MirrorFailure.telling {
            let old = try WebAddress(address, schemes: ["https", "http"])
            let isPath = location.hasPrefix("/") && !location.hasPrefix("//")
            // Security: what was asked for over TLS comes over TLS.
            let schemes = old.scheme == "https" ? ["https"] : ["https", "http"]
            return try WebAddress(isPath ? old.origin + location : location, schemes: schemes)
        }
    }

    private static func failure(status: Int) -> MirrorFailure {
        switch status {
        case 401, 403: MirrorFailure("The server wants another user name or password (it answers \(status)).")
        case 404, 405, 410, 501: MirrorFailure("The server has none (it answers \(status)).")
        default: MirrorFailure("The server answers \(status).")
        }
    }
}

extension MirrorFailure {
    /// Runs a body and tells what keeps it from the other server.
    static func telling<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as OutboundError { throw MirrorFailure("\(error)") }
    }

    static func telling<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as OutboundError { throw MirrorFailure("\(error)") }
    }

    /// The words of another server, without what could move the cursor of whoever reads them.
    static func clean(_ words: String) -> String {
        let kept = words.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(kept)).prefix(300))
    }
}
