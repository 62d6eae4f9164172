import FoundationEssentials

/// A listing read page by page to its end.
struct Paging {
    private let request: PagedRequest
    private let connection: Connection
    private static let tokenName = ByteSearch("\"next_page_token\"")

    init(_ request: PagedRequest, on connection: Connection) {
        self.request = request
        self.connection = connection
    }

    /// Returns the bytes of all pages.
    ///
    /// - Throws: `ConnectionFailure.late` if the listing is not at its end after `limitSeconds`.
    func run(limitSeconds: Double) throws -> Int {
        let start = MonotonicClock.nowNanoseconds
        var bytes = 0
        var token: String?
        repeat {
            let page = Array(pattern(token: token).bytes)
            let answer = try page.withUnsafeBytes { try connection.exchange($0, keepsBody: true) }.accepted()
            bytes += answer.bodyBytes
            token = Self.nextToken(in: answer.body)
            if token != nil, MonotonicClock.seconds(since: start) > limitSeconds {
                throw ConnectionFailure.late
            }
        } while token != nil
        return bytes
    }

    private func pattern(token: String?) -> Pattern {
        guard request.openBody.isEmpty else {
            let rest = token.map { ", \"page_token\": \"\($0)\"}" } ?? "}"
            return HTTPRequest.post("\(request.path)", "\(request.openBody)\(rest)")
        }
        return HTTPRequest.get("\(request.path)\(token.map { "&page_token=\(Self.encoded($0))" } ?? "")")
    }

    private static func nextToken(in body: [UInt8]) -> String? {
        body.withUnsafeBytes { bytes in
            guard let found = tokenName.firstIndex(in: bytes) else { return nil }
            let rest = bytes[(found + tokenName.length)...]
            guard let open = rest.firstIndex(of: UInt8(ascii: "\"")),
                let close = rest[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
            else { return nil }
            let token = String(decoding: rest[(open + 1)..<close], as: UTF8.self)
            return token.isEmpty ? nil : token
        }
    }

    private static func encoded(_ token: String) -> String {
        token.utf8.map { byte in
            let plain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return plain
                ? String(UnicodeScalar(byte))
                : "%" + String(Int(byte) + 256, radix: 16).dropFirst().uppercased()
        }.joined()
    }
}
