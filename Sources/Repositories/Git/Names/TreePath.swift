package import Core

/// A path inside a Git tree, from its root; its initialiser is the validation.
///
/// Git's names are bytes, and so is a path here: a name that is no UTF-8 can be listed and read like any other. Text that
/// shows it has U+FFFD for what cannot be shown; an address carries the bytes as percent signs (`percentEncoded`).
package struct TreePath: Sendable, Hashable {
    /// What lies between the slashes; empty for the root.
    package let components: [[UInt8]]

    package static let root = TreePath(trusted: [])
    static let mostBytes = 4_096
    static let mostComponents = 256

    /// - Parameter bytes: A path; a slash at the start or the end is ignored, and nothing is the root.
    /// - Throws: `Failure.invalid` for an empty component, `.` and `..`, NUL, and more than git can hold.
    package init(bytes: some Collection<UInt8>) throws(Failure) {
        var parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        if parts.first?.isEmpty == true { parts.removeFirst() }
        if parts.last?.isEmpty == true { parts.removeLast() }
        let isValid =
            bytes.count <= Self.mostBytes && parts.count <= Self.mostComponents
            && parts.allSatisfy { part in
                !part.isEmpty && part != Array(".".utf8) && part != Array("..".utf8) && !part.contains(0)
            }
        guard isValid else {
            throw .invalid("Invalid path: '\(String(decoding: bytes, as: UTF8.self).prefix(200))'")
        }
        components = parts
    }

    /// - Throws: As for bytes.
    package init(_ text: some StringProtocol) throws(Failure) {
        try self.init(bytes: Array(text.utf8))
    }

    init(trusted components: [[UInt8]]) {
        self.components = components
    }

    package var isRoot: Bool { components.isEmpty }
    package var bytes: [UInt8] { Array(components.joined(separator: [UInt8(ascii: "/")])) }
    /// The folder that it lies in; the root is its own.
    package var folder: TreePath { TreePath(trusted: components.dropLast()) }
    /// Its last component, as text that may be shown.
    package var name: String { String(decoding: components.last ?? [], as: UTF8.self) }

    func appending(_ component: [UInt8]) -> TreePath { TreePath(trusted: components + [component]) }
    func appending(_ path: TreePath) -> TreePath { TreePath(trusted: components + path.components) }

    /// The exact bytes for an address: letters, digits and `-._~/` as they are, all others as percent signs.
    package var percentEncoded: String {
        var text = ""
        for byte in bytes {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar)
            {
                text.unicodeScalars.append(scalar)
            } else {
                text.append("%")
                text.unicodeScalars.append(Hexadecimal.digit(byte >> 4))
                text.unicodeScalars.append(Hexadecimal.digit(byte & 15))
            }
        }
        return text
    }
}

extension TreePath: CustomStringConvertible, Comparable {
    /// The path as text that may be shown.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (first: TreePath, second: TreePath) -> Bool {
        first.bytes.lexicographicallyPrecedes(second.bytes)
    }
}
