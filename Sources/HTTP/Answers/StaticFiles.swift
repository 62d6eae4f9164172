import Core
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// The files that lay in a folder when it was looked through; there are no others, whatever a path says.
package struct StaticFiles: Sendable {
    private let paths: [String: String]
    /// A word for what all of them hold, by their names, lengths and times.
    package let mark: String
    private let packed = PackedFiles()

    package init(folder: String) {
        // Security: a path of a caller is only ever a key of this table, so that it leads nowhere else.
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        var paths: [String: String] = [:]
        var mark = Mark()
        for name in names.sorted() {
            let path = folder + "/" + name
            if let status = FileStatus(ofFile: path), status.isRegular {
                paths[name] = path
                mark.add("\(name) \(status.lengthBytes) \(status.changedNanoseconds)")
            }
        }
        self.paths = paths
        self.mark = mark.text
    }

    package func has(_ name: String) -> Bool { paths[name] != nil }

    /// A file whole, packed for browsers that say they can unpack it; files of pages are a few megabytes at the most.
    ///
    /// - Parameters:
    ///   - name: Its path in the folder.
    ///   - cacheControl: How long browsers keep it.
    ///   - accepted: What the browser says it can unpack, as its header `Accept-Encoding` has it.
    /// - Returns: The file.
    /// - Throws: `Failure.missing` where there is no such file.
    package func answer(
        _ name: String,
        cacheControl: String,
        accepting accepted: String? = nil
    ) async throws -> Answer {
        guard let path = paths[name] else { throw Failure.missing("There is no such file.") }
        let ending = String(name.reversed().prefix { $0 != "." }.reversed())
        let type = Self.types[ending] ?? "application/octet-stream"
        var headers: HTTPFields = [.contentType: type, .cacheControl: cacheControl]
        let isPacked = Self.packable.contains(ending) && accepted?.contains("gzip") == true
        if isPacked {
            headers[.contentEncoding] = "gzip"
            headers[.vary] = "Accept-Encoding"
        }
        let bytes = try await NIOThreadPool.singleton.runIfActive {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
            return ByteBuffer(bytes: isPacked ? packed.bytes(of: name, bytes) : bytes)
        }
        return Answer(headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    private static let packable: Set<String> = ["html", "js", "mjs", "cjs", "css", "json", "svg", "txt"]

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "cjs": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "wasm": "application/wasm",
        "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "eot": "application/vnd.ms-fontobject",
    ]
}
