import Core
import ObjectStore

/// Brings the large files of one repository to or from that of another server, those that lack on the other side.
///
/// What has gone over stays, so that it may be ended at any moment and begun again. What cannot be had is told and holds up
/// nothing else.
struct LargeFileExchange: Sendable {
    let git: Git
    let store: LargeFileStore
    let remote: RemoteLargeFiles
    let limitBytes: Int64
    /// After it nothing is begun.
    let end: ContinuousClock.Instant

    /// So many go over at a time.
    private static let width = 4
    /// Where so many fail, the others are not tried.
    private static let mostFailures = 20
    private static let page = 1_000
    private static let isLate = "The time was over; the next run goes on."

    /// Gets what the history names and the repository lacks.
    ///
    /// - Throws: Faults of this server.
    func fetch() async throws -> LargeFileReport {
        var report = LargeFileReport()
        var wanted: [LFSPointer] = []
        var leftBytes = limitBytes
        for pointer in try await lacking(of: git.largeFilePointers()) {
            if pointer.sizeBytes <= leftBytes {
                leftBytes -= pointer.sizeBytes
                wanted.append(pointer)
            } else {
                report.miss(because: "A run brings at most \(limitBytes) bytes of them.")
            }
        }
        try await exchange(.download, wanted, &report) { offer in
            guard let action = offer.transfer, let hash = ContentHash(hex: offer.pointer.oid) else { return }
            try await remote.get(offer.pointer, by: action) { body in
                try await store.put(body, hashed: hash, sizeBytes: offer.pointer.sizeBytes)
            }
        }
        return report
    }

    /// Sends what the repository has and the other server lacks.
    ///
    /// - Throws: Faults of this server.
    func send() async throws -> LargeFileReport {
        var report = LargeFileReport()
        var last: ContentHash?
        while true {
            let files = try await store.list(after: last, limit: Self.page)
            let byID = Dictionary(uniqueKeysWithValues: files.map { ($0.hash.hex, $0) })
            try await exchange(.upload, files.map(LFSPointer.init), &report) { offer in
                guard let file = byID[offer.pointer.oid] else { return }
                try await remote.put(file, store.open(file), by: offer)
            }
            guard files.count == Self.page, report.isWhole, let end = files.last else { return report }
            last = end.hash
        }
    }

    private func lacking(of pointers: [LFSPointer]) async throws -> [LFSPointer] {
        var lacking: [LFSPointer] = []
        for start in stride(from: 0, to: pointers.count, by: Self.page) {
            let some = pointers[start..<min(start + Self.page, pointers.count)]
            let known = try await store.find(some.compactMap { ContentHash(hex: $0.oid) })
            let oids = Set(known.keys.map(\.hex))
            lacking += some.filter { !oids.contains($0.oid) }
        }
        return lacking
    }

    private func exchange(
        _ direction: RemoteLargeFiles.Direction,
        _ pointers: [LFSPointer],
        _ report: inout LargeFileReport,
        _ move: @escaping @Sendable (LargeFileOffer) async throws -> Void
    ) async throws {
        for start in stride(from: 0, to: pointers.count, by: RemoteLargeFiles.batchLimit) {
            let some = Array(pointers[start..<min(start + RemoteLargeFiles.batchLimit, pointers.count)])
            guard ContinuousClock.now < end else {
                report.miss(pointers.count - start, because: Self.isLate)
                return
            }
            do {
                let offers = try await remote.offers(direction, some)
                for offer in offers {
                    if let refusal = offer.refusal {
                        report.miss(because: "\(offer.pointer.name): \(refusal)")
                    }
                }
                try await run(offers.filter { $0.transfer != nil }, &report, move)
            } catch let failure as MirrorFailure {
                try Task.checkCancellation()
                report.miss(pointers.count - start, because: failure.description)
                return
            }
        }
    }

    /// Moves some at a time.
    private func run(
        _ offers: [LargeFileOffer],
        _ report: inout LargeFileReport,
        _ move: @escaping @Sendable (LargeFileOffer) async throws -> Void
    ) async throws {
        var rest = offers[...]
        try await withThrowingTaskGroup(of: String?.self) { group in
            func begin() {
                guard let offer = rest.popFirst() else { return }
                group.addTask { try await Self.reason(of: offer, move) }
            }
            for _ in 0..<Self.width { begin() }
            while let reason = try await group.next() {
                if let reason { report.miss(because: reason) } else { report.moved += 1 }
                if report.missing >= Self.mostFailures {
                    report.miss(rest.count, because: "Too many failed.")
                    rest = []
                }
                if ContinuousClock.now >= end {
                    report.miss(rest.count, because: Self.isLate)
                    rest = []
                }
                begin()
            }
        }
    }

    /// - Returns: Why it did not go over; nil where it did.
    private static func reason(
        of offer: LargeFileOffer,
        _ move: @Sendable (LargeFileOffer) async throws -> Void
    ) async throws -> String? {
        do {
            try await move(offer)
            return nil
        } catch let failure as MirrorFailure {
            try Task.checkCancellation()
            return "\(offer.pointer.name): \(failure.description)"
        } catch let failure as Failure where failure.code == .invalidParameter {
            return "\(offer.pointer.name): \(failure.message)"
        }
    }
}

extension LFSPointer {
    init(_ file: LargeFile) { self.init(oid: file.hash.hex, sizeBytes: file.sizeBytes) }

    /// What a person finds it by.
    fileprivate var name: String { "sha256 " + oid.prefix(12) }
}
