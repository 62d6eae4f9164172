import FoundationEssentials
import TestSupport
import Testing

@testable import Server

@Suite struct PrivateFolderTests {
    @Test func `a folder is made with those above it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a/b/c/"

        try PrivateFolder.make(path, of: .data)
        try PrivateFolder.make(path)

        var isFolder = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        #expect(isThere && isFolder)
        try folder.remove()
    }

    @Test func `what is no folder is refused by the option that names it`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        try "".write(toFile: file, atomically: false, encoding: .utf8)

        for path in [file, file + "/a"] {
            let words =
                "--data must be a folder that this user can write in, not '\(path)' (Not a directory)."
            #expect(throws: SettingError(words)) { try PrivateFolder.make(path, of: .data) }
        }
        #expect(throws: SettingError("The folder \(file) cannot be made: Not a directory.")) {
            try PrivateFolder.make(file)
        }
        try folder.remove()
    }
}
