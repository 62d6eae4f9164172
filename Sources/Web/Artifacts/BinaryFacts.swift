import HTTP
import ObjectStore

/// What can be said of a file that is no text.
struct BinaryFacts {
    let file: File
    let beginning: [UInt8]
    let download: Address

    var html: HTML {
        """
        <p class="note">This file is not text and has no preview. <a href="\(download)">Download it</a> to look at it.</p>
        <dl class="facts"><dt>Type</dt><dd>\(ArtifactType.of(file.path.name))</dd>
        <dt>Size</dt><dd>\(file.sizeBytes) bytes</dd>
        <dt>SHA-256</dt><dd class="mono">\(file.hash.hex)</dd>
        \(ArrayHeader(beginning).map { "<dt>Array</dt><dd class=\"mono\">\($0.type) \($0.shape)</dd>" as HTML })</dl>
        """
    }
}

/// What a file of NumPy says of its array: the type of its elements, such as `<f8`, and its shape.
///
/// - Source: NumPy, `numpy/lib/format.py`: a mark, a version, the length of the header, and the header as Python writes a
///   dictionary.
struct ArrayHeader: Sendable, Hashable {
    private static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let longest = 4_096

    let type: String
    let shape: String

    /// Nil for another file.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.mark), bytes.count > 12 else { return nil }
        let start = bytes[6] == 1 ? 10 : 12
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        let header = String(decoding: bytes[start...].prefix(min(length, Self.longest)), as: UTF8.self)
        guard let type = Self.text(in: header, from: "'descr': '", to: "'"),
            let shape = Self.text(in: header, from: "'shape': ", to: ")")
        else { return nil }
        self.type = type
        self.shape = shape + ")"
    }

    private static func text(in header: String, from start: String, to end: String) -> String? {
        guard let begin = header.firstRange(of: start)?.upperBound,
            let close = header[begin...].firstRange(of: end)?.lowerBound
        else { return nil }
        return String(header[begin..<close])
    }
}
