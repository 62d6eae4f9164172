import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore

/// A folder with all that lies in it as one tar file, which is sent as it is read.
struct FolderArchive {
    private static let mostFiles = 100_000

    let shelf: ArtifactShelf
    /// Nil for everything.
    let folder: ArtifactPath?
    /// What everything is called.
    let name: String

    var answer: Answer {
        get async throws {
            let whole = try shelf.whole(folder)
            let files = try await shelf.files.tree(whole, limit: Self.mostFiles)
            guard !files.isEmpty else {
                throw Failure.missing("There is no artifact '\(folder?.text ?? name)'.")
            }
            let title = folder?.name ?? name
            let cut = whole.text.count - whole.name.count
            let body = ResponseBody { [shelf] writer in
                for file in files {
                    // What is in the folder keeps its name before it, but everything gets that of the run.
                    let inner = file.path.text.dropFirst(cut).drop { $0 != "/" }
                    let header = TarHeader(
                        path: inner.isEmpty ? title : title + inner,
                        sizeBytes: file.sizeBytes,
                        modifiedMs: file.modifiedMs
                    )
                    try await writer.write(ByteBuffer(bytes: header.bytes))
                    try await shelf.files.open(file).forEachPiece(of: 0..<file.sizeBytes) {
                        try await writer.write($0)
                    }
                    try await writer.write(
                        ByteBuffer(repeating: 0, count: TarHeader.padding(after: file.sizeBytes))
                    )
                }
                try await writer.write(ByteBuffer(repeating: 0, count: 2 * TarHeader.blockBytes))
                try await writer.finish(nil)
            }
            return Answer(
                headers: [
                    .contentType: "application/x-tar",
                    .contentDisposition: ArtifactDisposition.attachment(title + ".tar"),
                    .cacheControl: "private, no-store",
                ],
                body: body
            )
        }
    }
}

/// What stands before a file in a tar: its name, its size, its time.
///
/// - Source: POSIX.1-2001, pax interchange format. A name or a size that the old fields cannot hold stands in a record
///   before them.
struct TarHeader {
    static let blockBytes = 512
    private static let nameBytes = 100
    private static let largestSize: Int64 = 0o77_777_777_777

    let path: String
    let sizeBytes: Int64
    let modifiedMs: Int64

    /// How many zeros fill the last block of a content.
    static func padding(after sizeBytes: Int64) -> Int {
        let rest = Int(sizeBytes % Int64(blockBytes))
        return rest == 0 ? 0 : blockBytes - rest
    }

    var bytes: [UInt8] {
        var records: [UInt8] = []
        if path.utf8.count > Self.nameBytes || !path.utf8.allSatisfy({ $0 < 0x80 }) {
            records += Self.record("path", path)
        }
        if sizeBytes > Self.largestSize { records += Self.record("size", String(sizeBytes)) }
        let own = Self.block(path, sizeBytes: min(sizeBytes, Self.largestSize), modifiedMs, type: "0")
        guard !records.isEmpty else { return own }
        let head = Self.block("pax", sizeBytes: Int64(records.count), modifiedMs, type: "x")
        let fill = [UInt8](repeating: 0, count: Self.padding(after: Int64(records.count)))
        return head + records + fill + own
    }

    /// `25 path=figures/loss.png`: the length in front counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    private static func block(_ path: String, sizeBytes: Int64, _ modifiedMs: Int64, type: String) -> [UInt8]
    {
        var block = [UInt8](repeating: 0, count: blockBytes)
        func put(_ bytes: some Sequence<UInt8>, at place: Int) {
            for (offset, byte) in bytes.enumerated() { block[place + offset] = byte }
        }
        func octal(_ number: Int64, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(path.utf8.prefix(nameBytes), at: 0)
        put("0000644\0".utf8, at: 100)
        put("0000000\0".utf8, at: 108)
        put("0000000\0".utf8, at: 116)
        put("\(octal(sizeBytes, 11))\0".utf8, at: 124)
        put("\(octal(max(0, modifiedMs / 1_000), 11))\0".utf8, at: 136)
        put("        ".utf8, at: 148)
        put(type.utf8, at: 156)
        put("ustar\u{0}00".utf8, at: 257)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put("\(octal(sum, 6))\0 ".utf8, at: 148)
        return block
    }
}
