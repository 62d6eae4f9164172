import Core
import HTTP
import NIOCore
import Synchronization

/// The first file of a form (`multipart/form-data`) as a stream, so that it may be longer than memory.
///
/// - Source: RFC 7578; RFC 2046, 5.1.1.
struct AttachedFile<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Base.Element == ByteBuffer {
    private let base: Base
    /// Ends a part, with the line end before it.
    private let boundary: [UInt8]
    private let found = Found()

    /// What is known once the head of the file was read.
    private final class Found: Sendable {
        let name = Mutex<String?>(nil)
    }

    /// - Parameters:
    ///   - base: The body.
    ///   - type: What the header Content-Type says.
    /// - Throws: `Failure.invalid` where it names no boundary.
    init(in base: Base, type: String) throws {
        self.base = base
        boundary = Array("\r\n--\(try MultipartForm.boundary(of: type))".utf8)
    }

    /// What the form calls the file; nil before it was read.
    var name: String? { found.name.withLock { $0 } }

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), boundary: boundary) { name in
            found.name.withLock { $0 = name }
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        private enum Place {
            case beforeParts, inFile, behindFile
        }

        private var base: Base.AsyncIterator
        private let boundary: [UInt8]
        private let note: (String) -> Void
        private var place = Place.beforeParts
        /// What has come and was not given yet; the first boundary has no line end of a part before it.
        private var rest = ByteBuffer(string: "\r\n")

        private var skippedBytes = 0

        /// Security: a head is read into memory, and looked through again with each piece of it that comes.
        private static var headLimitBytes: Int { 8_192 }
        /// What stands before the file: fields, which nobody reads.
        private static var skipLimitBytes: Int { 65_536 }

        fileprivate init(base: Base.AsyncIterator, boundary: [UInt8], note: @escaping (String) -> Void) {
            self.base = base
            self.boundary = boundary
            self.note = note
        }

        mutating func next() async throws -> ByteBuffer? {
            if place == .beforeParts { try await findFile() }
            while place == .inFile {
                if let piece = piece(), piece.readableBytes > 0 { return piece }
                guard place == .inFile else { break }
                guard try await more() else { throw MultipartForm.malformed }
            }
            // What stands behind the file is read and left alone, so that the connection can go on.
            while try await base.next() != nil {}
            return nil
        }

        /// What surely is of the file: all before a boundary, or before what could be the beginning of one.
        private mutating func piece() -> ByteBuffer? {
            let view = rest.readableBytesView
            if let end = view.firstRange(of: boundary)?.lowerBound {
                place = .behindFile
                return rest.readSlice(length: end - view.startIndex)
            }
            let sure = rest.readableBytes - boundary.count + 1
            return sure > 0 ? rest.readSlice(length: sure) : nil
        }

        private mutating func findFile() async throws {
            while true {
                let head = try await head()
                guard let name = try MultipartForm.fileName(inHead: head) else { continue }
                note(name)
                place = .inFile
                return
            }
        }

        /// The head of the next part, behind which its content begins.
        private mutating func head() async throws -> String {
            try await skip(behind: boundary)
            let separator = Array("\r\n\r\n".utf8)
            while true {
                let view = rest.readableBytesView
                if view.starts(with: "--".utf8) { throw noFile }
                if let end = view.firstRange(of: separator)?.lowerBound {
                    let head = rest.readString(length: end - view.startIndex) ?? ""
                    rest.moveReaderIndex(forwardBy: separator.count)
                    return head
                }
                guard rest.readableBytes <= Self.headLimitBytes, try await more() else {
                    throw MultipartForm.malformed
                }
            }
        }

        private mutating func skip(behind pattern: [UInt8]) async throws {
            while true {
                let view = rest.readableBytesView
                if let end = view.firstRange(of: pattern)?.upperBound {
                    rest.moveReaderIndex(forwardBy: end - view.startIndex)
                    return
                }
                let sure = Swift.max(0, rest.readableBytes - pattern.count + 1)
                rest.moveReaderIndex(forwardBy: sure)
                skippedBytes += sure
                guard skippedBytes <= Self.skipLimitBytes, try await more() else {
                    throw MultipartForm.malformed
                }
            }
        }

        private mutating func more() async throws -> Bool {
            guard var piece = try await base.next() else { return false }
            rest.discardReadBytes()
            rest.writeBuffer(&piece)
            return true
        }
    }
}

private let noFile = Failure.invalid("The form has no file.")
