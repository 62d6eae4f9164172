import Repositories
@testable import Server
import Testing

@Suite struct SSHRequestTests {
    @Test(arguments: [
        ("git-upload-pack '/ann/iris.git'", GitService.uploadPack),
        ("git-upload-pack 'ann/iris'", .uploadPack),
        ("git-receive-pack ann/iris.git", .receivePack), ("git-receive-pack '/ann/iris/'", .receivePack),
    ])
    func `what git asks for is understood`(command: String, service: GitService) throws {
        let request = try #require(SSHRequest(command))
        #expect(request.service == .git(service))
        #expect(request.owner == "ann")
        #expect(request.name == "iris")
    }

    @Test(arguments: [
        ("git-lfs-authenticate 'ann/iris.git' download", SSHRequest.LargeFileDirection.download),
        ("git-lfs-authenticate /ann/iris.git upload", .upload),
        ("git-lfs-authenticate ann/iris upload", .upload),
    ])
    func `what git lfs asks for is understood`(
        command: String,
        direction: SSHRequest.LargeFileDirection
    ) throws {
        let request = try #require(SSHRequest(command))
        #expect(request.service == .largeFiles(direction))
        #expect(request.owner == "ann")
        #expect(request.name == "iris")
    }

    @Test(arguments: [
        "git-lfs-authenticate ann/iris.git", "git-lfs-authenticate upload",
        "git-lfs-authenticate ann/iris.git delete",
        "git-lfs-authenticate ann/iris.git upload more", "git-lfs-authenticate ann/../iris upload",
        "git-lfs-transfer ann/iris.git upload", "git-upload-pack ann/iris.git upload",
        "", "ls", "sh -c 'git-upload-pack ann/iris'", "git-upload-pack", "git-upload-pack ",
        "git upload-pack 'a/b'",
        "git-upload-archive 'ann/iris'", "git-upload-pack 'ann/iris' --exec=x",
        "git-upload-pack --exec=x 'ann/iris'",
        "git-upload-pack '--help'", "git-upload-pack 'ann/../x'", "git-upload-pack '../ann'",
        "git-upload-pack 'ann/.git'",
        "git-upload-pack '/etc/passwd/x'", "git-upload-pack 'ann/iris'; id", "git-upload-pack '$(id)/x'",
        "git-upload-pack 'ann/a'\\''b'", "git-upload-pack \"ann/iris\"", "git-upload-pack 'ann/-x'",
        "git-upload-pack 'ann/iris\n'", "git-upload-pack 'ann//iris'", "git-upload-pack  'ann/iris'",
        "git-upload-pack 'ann/\u{0441}ris'", "git-receive-pack 'ann/\(String(repeating: "a", count: 101))'",
    ])
    func `anything else is nothing`(command: String) {
        #expect(SSHRequest(command) == nil)
    }
}
