import Core
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// The files that lay in a folder when it was looked through; there are no others, whatever a path says.
struct StaticFiles: Sendable {
    private let paths: [String: String]

    init(folder: String) {
        // Security: a path of a caller is only ever a key of this table, so that it leads nowhere else.
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        var paths: [String: String] = [:]
        for name in names {
            let path = folder + "/" + name
            var isFolder = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder {
                paths[name] = path
            }
        }
        self.paths = paths
    }

    func has(_ name: String) -> Bool { paths[name] != nil }

    /// A file whole; files of pages are a few megabytes at the most.
    ///
    /// - Throws: `Failure.missing` where there is no such file.
    func answer(_ name: String, cacheControl: String) async throws -> Answer {
        guard let path = paths[name] else { throw Failure.missing("There is no such file.") }
        let bytes = try await NIOThreadPool.singleton.runIfActive {
            try ByteBuffer(bytes: Data(contentsOf: URL(filePath: path)))
        }
        let type =
            Self.types[String(name.reversed().prefix { $0 != "." }.reversed())] ?? "application/octet-stream"
        return Answer(
            headers: [.contentType: type, .cacheControl: cacheControl],
            body: ResponseBody(byteBuffer: bytes)
        )
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "cjs": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "wasm": "application/wasm",
        "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "eot": "application/vnd.ms-fontobject",
    ]
}
