/// A small file that stands for a large one kept by Git LFS.
///
/// - Source: git-lfs, `docs/spec.md`.
package struct LFSPointer: Sendable, Hashable {
    /// The SHA-256 of the content, in 64 digits of base 16.
    package let oid: String
    package let sizeBytes: Int64

    /// A pointer is shorter than this.
    static let limitBytes = 1_024

    /// Of a content that is known.
    init(oid: String, sizeBytes: Int64) {
        (self.oid, self.sizeBytes) = (oid, sizeBytes)
    }

    /// The small file.
    var text: String { "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize \(sizeBytes)\n" }

    /// Nil if the bytes are no pointer.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count < Self.limitBytes, let text = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        let lines = text.split(separator: "\n")
        guard let version = lines.first, Self.versions.contains(version) else { return nil }
        let values = Dictionary(
            lines.compactMap { line in line.firstIndex(of: " ").map { (line[..<$0], line[$0...].dropFirst()) }
            },
            uniquingKeysWith: { first, _ in first }
        )
        guard let oid = values["oid"], oid.hasPrefix("sha256:"),
            let size = values["size"].flatMap({ Int64($0) }),
            size >= 0
        else { return nil }
        let digits = oid.dropFirst("sha256:".count)
        guard digits.utf8.count == 64, digits.utf8.allSatisfy({ Hexadecimal.value($0) != nil }) else {
            return nil
        }
        self.oid = digits.lowercased()
        sizeBytes = size
    }

    private static let versions: Set<Substring> = [
        "version https://git-lfs.github.com/spec/v1", "version https://hawser.github.com/spec/v1",
    ]
}
