import FoundationEssentials
import TestSupport
import Testing

@testable import Server

@Suite
struct SourceAddressTests {
    @Test func `a source is known by its address`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/mlflow.db"
        try "".write(toFile: file, atomically: false, encoding: .utf8)

        #expect(try SourceAddress("sqlite:///\(file)") == .sqlite(path: file))
        #expect(try SourceAddress(file) == .sqlite(path: file))
        #expect(try SourceAddress("file://\(folder.path)") == .folder(path: folder.path))
        #expect(try SourceAddress(folder.path) == .folder(path: folder.path))
        #expect(try SourceAddress("http://h:5000/x") == .server(address: "http://h:5000/x"))
        #expect(
            try SourceAddress("postgresql+psycopg2://u@h/d") == .postgres(uri: "postgresql://u@h/d")
        )
        for wrong in ["s3://bucket", "mysql://h/d", folder.path + "/missing", "sqlite:///missing.db"] {
            #expect(throws: SettingError.self) { try SourceAddress(wrong) }
        }
        try folder.remove()
    }

    @Test(arguments: [
        ("file:///a/b%20c", "/a/b c"), ("/a/b", "/a/b"), ("./mlruns/0", "./mlruns/0"), ("a/b:c", "a/b:c"),
        ("file:/a", "/a"),
    ])
    func `a local address names a path`(uri: String, path: String) {
        #expect(LocalPath.path(of: uri) == path)
    }

    @Test(arguments: ["s3://b/k", "gs://b", "dbfs:/x", "wasbs://c@a/x"])
    func `an address of a storage names none`(uri: String) {
        #expect(LocalPath.path(of: uri) == nil)
    }
}
