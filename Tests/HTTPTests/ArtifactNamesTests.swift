import Testing

@testable import HTTP

@Suite struct ArtifactNamesTests {
    @Test(arguments: [
        ("MLmodel", "text/plain"), ("MLproject", "text/plain"), ("conda.yaml", "text/plain"),
        ("a.py", "text/plain"),
        ("x.JSON", "application/json"), ("a.json", "text/plain"), ("plot.PNG", "image/png"),
        ("plot.png", "image/png"),
        ("model.pkl", "application/octet-stream"), ("m.tar.gz", "application/x-tar"),
        ("m.tgz", "application/x-tar"),
        ("t.csv.gz", "text/csv"), ("x.gz", "application/octet-stream"), ("page.html", "text/html"),
        ("none", "application/octet-stream"), (".hidden", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("model.h5", "application/x-hdf5"), ("s.svg", "image/svg+xml"),
    ])
    func `a name says its type as the original reads it`(name: String, type: String) {
        #expect(ArtifactType.of(name) == type)
    }

    @Test(arguments: [
        ("a.txt", "attachment; filename=a.txt"), ("a b.txt", #"attachment; filename="a b.txt""#),
        (#"a"b\c"#, #"attachment; filename="a\"b\\c""#),
        ("日本語", "attachment; filename=download; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E"),
        ("été.csv", "attachment; filename=ete.csv; filename*=UTF-8''%C3%A9t%C3%A9.csv"),
    ])
    func `a name is told so that every client can save it`(name: String, header: String) {
        #expect(ArtifactDisposition.attachment(name) == header)
    }
}
