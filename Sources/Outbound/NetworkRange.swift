/// Addresses that begin with the same bits.
package struct NetworkRange: Sendable, Hashable {
    private let start: [UInt8]
    private let length: Int

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let longest = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, longest)
            return
        }
        guard let length = Int(parts[1]), (0...longest).contains(length), "\(length)" == parts[1] else {
            return nil
        }
        self.init(address, length)
    }

    init(_ address: NetworkAddress, _ length: Int) {
        start = address.bytes
        self.length = length
    }

    package func contains(_ address: NetworkAddress) -> Bool { contains(address.bytes) }

    func contains(_ bytes: [UInt8]) -> Bool {
        let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
        guard bytes.count == start.count, bytes[..<whole] == start[..<whole] else { return false }
        return rest == 0 || (bytes[whole] ^ start[whole]) >> UInt8(8 - rest) == 0
    }
}

extension NetworkRange: CustomStringConvertible {
    package var description: String { "\(NetworkAddress(bytes: start))/\(length)" }
}
