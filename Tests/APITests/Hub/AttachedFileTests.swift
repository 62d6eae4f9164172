import Core
import NIOCore
import Testing

@testable import API

@Suite struct AttachedFileTests {
    private static let type = "multipart/form-data; boundary=XX"
    private static let form =
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n"
        + "--XX\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a b.zip\"\r\n"
        + "Content-Type: application/zip\r\n\r\nline\r\n--X\r\n\r\nend"
        + "\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nbehind\r\n--XX--\r\n"

    @Test(arguments: [1, 2, 3, 7, 50, 10_000])
    func `the file of a form is given as it was sent, in whichever pieces`(size: Int) async throws {
        let file = try AttachedFile(in: Pieces(Self.form, size: size), type: Self.type)

        #expect(try await text(of: file) == "line\r\n--X\r\n\r\nend")
        #expect(file.name == "a b.zip")
    }

    @Test(arguments: [
        "", "--XX", "--XX\r\nno head\r\n\r\n", "--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\nno end",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + String(repeating: "x", count: 100_000),
    ])
    func `what has no file that ends is refused`(form: String) async throws {
        for size in [3, 10_000] {
            let file = try AttachedFile(in: Pieces(form, size: size), type: Self.type)
            await #expect(throws: Failure.self) { try await text(of: file) }
        }
    }

    @Test func `a file that is empty has no bytes`() async throws {
        let form = "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n\r\n--XX--\r\n"
        let file = try AttachedFile(in: Pieces(form, size: 5), type: Self.type)
        #expect(try await text(of: file) == "")
    }

    private func text(of file: AttachedFile<Pieces>) async throws -> String {
        var text = ""
        for try await piece in file { text += String(buffer: piece) }
        return text
    }
}

/// A body in pieces of some size.
private struct Pieces: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let size: Int

    init(_ text: String, size: Int) {
        (bytes, self.size) = (Array(text.utf8), size)
    }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let size: Int

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return ByteBuffer(bytes: rest.prefix(size))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...], size: size) }
}
