/// What a `.dvc` file says of the data that it stands for.
///
/// - Source: the documentation of DVC, ".dvc files".
struct DataPointer: Sendable, Hashable {
    struct Output: Sendable, Hashable {
        var path = ""
        var hash = ""
        var sizeBytes: Int64?
        var fileCount: Int64?
    }

    let outputs: [Output]

    private static let mostShown = 100

    /// Nil where it names no output.
    init?(_ text: String) {
        var outputs: [Output] = []
        var isWithin = false
        for line in text.split(whereSeparator: \.isNewline) {
            if line.first != " ", line.first != "-" {
                isWithin = line.hasPrefix("outs:")
                continue
            }
            guard isWithin else { continue }
            var field = line.drop { $0 == " " }
            if field.hasPrefix("- ") {
                outputs.append(Output())
                field = field.dropFirst(2)
            }
            guard !outputs.isEmpty, let colon = field.firstIndex(of: ":") else { continue }
            let value = field[field.index(after: colon)...].drop { $0 == " " }
            outputs[outputs.count - 1].set(field[..<colon], String(value))
        }
        guard !outputs.isEmpty else { return nil }
        self.outputs = outputs
    }

    var html: HTML {
        """
        \(outputs.prefix(Self.mostShown).map { output in
            """
            <dl class="facts pointer"><dt>Data</dt><dd>\(output.path)</dd><dt>Hash</dt><dd class="mono">\(output.hash)</dd>
            \(output.sizeBytes.map { "<dt>Size</dt><dd>\(ByteCount(bytes: $0).text)</dd>" as HTML })
            \(output.fileCount.map { "<dt>Files</dt><dd>\($0)</dd>" as HTML })</dl>
            """ as HTML
        })
        \(ListEnd(hidden: outputs.count - Self.mostShown).html)
        <p class="quiet">The data itself is kept by DVC: <code>dvc pull</code> brings it.</p>
        """
    }
}

extension DataPointer.Output {
    fileprivate mutating func set(_ key: Substring, _ value: String) {
        switch key {
        case "path": path = value
        case "md5", "etag", "checksum": hash = value
        case "size": sizeBytes = Int64(value)
        case "nfiles": fileCount = Int64(value)
        default: break
        }
    }
}
