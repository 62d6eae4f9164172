import Core
import NIOCore
import Testing

@testable import HTTP

@Suite struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=XX"

    @Test func `fields and files are taken apart as they were sent`() throws {
        let body =
            "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
            + "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x/y \\\"z\\\".txt\"\r\n"
            + "Content-Type: text/plain\r\n\r\nline\r\n--X\r\n\r\n"
            + "\r\n--XX\r\ncontent-disposition: form-data; filename=; name=b\r\n\r\n\r\n--XX--\r\n"
        let form = try MultipartForm(ByteBuffer(string: body), type: Self.type)

        #expect(form["a"] == "one")
        #expect(form["files"] == nil)
        #expect(form.parts.map(\.name) == ["a", "files", "b"])
        #expect(form.parts[1].fileName == "x/y \"z\".txt")
        #expect(String(decoding: form.parts[1].bytes, as: UTF8.self) == "line\r\n--X\r\n\r\n")
        #expect(form.parts[2].bytes.isEmpty)
    }

    @Test(arguments: [
        "", "--XX", "--XX\r\n", "--YY\r\n\r\n", "--XX\r\nno head\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XXjunk",
    ])
    func `what is no form is refused`(body: String) {
        #expect(throws: Failure.self) {
            try MultipartForm(ByteBuffer(string: body), type: Self.type)
        }
    }

    @Test(arguments: ["multipart/form-data", "text/plain; boundary=XX", "multipart/form-data; boundary="])
    func `a type without a boundary is refused`(type: String) {
        #expect(throws: Failure.self) { try MultipartForm(ByteBuffer(string: "--XX--"), type: type) }
    }
}
