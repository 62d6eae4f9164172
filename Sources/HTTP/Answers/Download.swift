import Core
import HTTPTypes
import Hummingbird
import NIOCore
package import ObjectStore

/// What is known of a stored content before it is sent.
package struct Download: Sendable {
    package let name: String
    package let hash: ContentHash
    package let sizeBytes: Int64
    package let modifiedMs: Int64

    package init(name: String, hash: ContentHash, sizeBytes: Int64, modifiedMs: Int64) {
        self.name = name
        self.hash = hash
        self.sizeBytes = sizeBytes
        self.modifiedMs = modifiedMs
    }

    /// A strong entity tag: the hash of the content.
    fileprivate var tag: String { "\"\(hash.hex)\"" }
    fileprivate var modified: HTTPDate { HTTPDate(epochSeconds: modifiedMs / 1_000) }
}

extension Call {
    /// A stored content as an attachment: whole, in part, or not at all where the caller has it already.
    ///
    /// - Parameters:
    ///   - file: What is sent.
    ///   - open: Opens it; called before the head is written, so that a missing object is an error and not a short body.
    /// - Returns: The answer.
    /// - Throws: What `open` throws.
    package func answer(_ file: Download, open: () async throws -> any ObjectContent) async throws -> Answer {
        let headers = HTTPFields(describing: file)
        guard isWanted(file) else {
            return Answer(status: .preconditionFailed, headers: headers, body: ResponseBody())
        }
        if isCurrent(file) { return Answer(status: .notModified, headers: headers, body: ResponseBody()) }
        switch range(of: file) {
        case .whole: return Answer(.ok, headers, 0..<file.sizeBytes, of: try await open())
        case .part(let range):
            var headers = headers
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.sizeBytes)"
            return Answer(.partialContent, headers, range, of: try await open())
        case .unsatisfiable:
            return Answer(
                status: .rangeNotSatisfiable,
                headers: [.contentRange: "bytes */\(file.sizeBytes)"],
                body: ResponseBody()
            )
        }
    }

    /// Whether what there is is what the caller asks to be there.
    ///
    /// - Source: RFC 9110, 13.1.1 and 13.1.4: tags are compared strongly, and go before a date.
    private func isWanted(_ file: Download) -> Bool {
        if let tags = request.headers[.ifMatch] {
            return tags == "*"
                || tags.split(separator: ",").contains { tag in
                    Self.trimmed(tag) == file.tag
                }
        }
        guard let since = request.headers[.ifUnmodifiedSince].flatMap(HTTPDate.init) else { return true }
        return file.modified <= since
    }

    /// Whether what the caller has is still what there is.
    ///
    /// - Source: RFC 9110, 13.2.2: a tag goes before a date.
    private func isCurrent(_ file: Download) -> Bool {
        if let tags = request.headers[.ifNoneMatch] {
            return tags == "*"
                || tags.split(separator: ",").contains { tag in
                    Self.trimmed(tag).drop { $0 == "W" || $0 == "/" } == file.tag
                }
        }
        guard let since = request.headers[.ifModifiedSince].flatMap(HTTPDate.init) else { return false }
        return file.modified <= since
    }

    /// A tag of a list without the spaces and tabs around it.
    private static func trimmed(_ tag: Substring) -> Substring {
        tag.trimmingPrefix { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    }

    private enum WantedRange {
        case whole
        case part(Range<Int64>)
        case unsatisfiable
    }

    /// The one range that is asked for; several at once, or what is no range, is answered with the whole.
    private func range(of file: Download) -> WantedRange {
        guard request.method == .get, let text = request.headers[.range], text.hasPrefix("bytes=") else {
            return .whole
        }
        if let condition = request.headers[.ifRange], condition != file.tag,
            condition != file.modified.text
        {
            return .whole
        }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return .whole }
        switch (Self.position(ends[0]), Self.position(ends[1])) {
        case (let first?, let last?) where first <= last: return part(first, last, of: file)
        case (let first?, nil) where ends[1].isEmpty: return part(first, .max - 1, of: file)
        case (nil, let count?) where ends[0].isEmpty:
            return count == 0 ? .unsatisfiable : part(max(0, file.sizeBytes - count), .max - 1, of: file)
        default: return .whole
        }
    }

    private func part(_ first: Int64, _ last: Int64, of file: Download) -> WantedRange {
        first < file.sizeBytes ? .part(first..<min(last + 1, file.sizeBytes)) : .unsatisfiable
    }

    /// Digits only: no sign, no space.
    private static func position(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int64(text).map { min($0, .max - 1) } : nil
    }
}

extension Answer {
    fileprivate init(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ range: Range<Int64>,
        of content: any ObjectContent
    ) {
        let body = ResponseBody(contentLength: Int(range.upperBound - range.lowerBound)) { writer in
            try await content.forEachPiece(of: range) { try await writer.write($0) }
            try await writer.finish(nil)
        }
        self.init(status: status, headers: headers, body: body)
    }
}

extension HTTPFields {
    fileprivate init(describing file: Download) {
        self = [
            .contentType: ArtifactType.of(file.name),
            .eTag: file.tag,
            .lastModified: file.modified.text,
            .acceptRanges: "bytes",
            .cacheControl: "private, no-cache",
            // Security: what users store is never shown as a page of this server, whatever it is (CVE-2024-27132).
            .contentDisposition: ArtifactDisposition.attachment(file.name),
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }
}
