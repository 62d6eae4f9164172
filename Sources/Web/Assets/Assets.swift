import Core
import FoundationEssentials
import HTTP
import HTTPTypes
import Hummingbird

/// Styles, scripts and pictures of the pages: our own, and the parts of others where these are installed.
///
/// Their addresses name their content, so that browsers keep them for good.
package struct Assets: Sendable {
    /// The beginning of the addresses of our own.
    let base: String
    private let partsBase: String
    private let own: StaticFiles
    private let parts: StaticFiles?
    private let isFresh: Bool

    /// Looks through the folders; nil where our own are not there.
    ///
    /// - Parameters:
    ///   - folder: Where our own lie, read anew each time; nil for those beside this program.
    ///   - parts: Where those of others are installed; nil for none.
    ///   - prefix: What stands before every address.
    package init?(folder: String? = nil, parts: String?, prefix: String) {
        own = StaticFiles(folder: folder ?? Self.folderOfProgram)
        guard own.has("frame/base.css") else { return nil }
        self.parts = parts.map { StaticFiles(folder: $0) }
        isFresh = folder != nil
        base = prefix + "/-/assets/" + (isFresh ? "fresh" : own.mark) + "/"
        partsBase = prefix + "/-/parts/" + (self.parts?.mark ?? "none") + "/"
    }

    /// Where a build puts them.
    package static var folderOfProgram: String {
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return (program.map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.startIndex)) } ?? ".")
            + "/roost_Web.resources/Files"
    }

    /// The address of one of our own.
    subscript(name: String) -> String {
        precondition(own.has(name), "there is no asset \(name)")
        return base + name
    }

    /// The address of a file of a part; nil where it is not installed.
    func part(_ file: String) -> String? {
        parts.flatMap { $0.has(file) ? partsBase + file : nil }
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "-/assets/:mark/**", in: .root, needs: .open) { call in
                try await own.answer(
                    call.rest,
                    cacheControl: isFresh ? "no-store" : Self.forGood,
                    accepting: call.request.headers[.acceptEncoding]
                )
            },
            Endpoint(.get, "-/parts/:mark/**", in: .root, needs: .open) { call in
                guard let parts else { throw Failure.missing("No parts of others are installed here.") }
                return try await parts.answer(
                    call.rest,
                    cacheControl: Self.forGood,
                    accepting: call.request.headers[.acceptEncoding]
                )
            },
        ]
    }

    private static let forGood = "public, max-age=31536000, immutable"
}
