import Testing

@testable import Web

@Suite struct FileKindTests {
    @Test(arguments: [
        ("a.py", FileKind.text), ("README.MD", .markdown), ("x.tsv", .table), ("A.CSV", .table),
        ("n.ipynb", .notebook), ("figure.SVG", .image), ("data.csv.dvc", .pointer), ("report.HTML", .page),
        ("png", .text), ("a.pdf", .pdf), (".mp4", .video), ("MLmodel", .model), ("mlmodel", .text),
        ("x.tar.gz", .text), ("part-0.parquet", .parquet), ("a.", .text), ("", .text),
    ])
    func `a name says how a file is shown`(name: String, kind: FileKind) {
        #expect(FileKind(name) == kind)
    }
}
