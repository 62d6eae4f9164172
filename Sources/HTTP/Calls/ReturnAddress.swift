/// Where somebody goes on after they have signed in: a path of this server.
package struct ReturnAddress {
    package let path: String

    /// - Returns: nil for what might lead elsewhere.
    package init?(_ text: String) {
        // Security: `//host`, `/\host` and tabs within are other servers to a browser.
        guard text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\\") })
        else { return nil }
        path = text
    }

    /// For the query of an address.
    package var escaped: String { PercentEncoding.segment(path) }
}
