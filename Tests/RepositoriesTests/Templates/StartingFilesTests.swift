import Core
import Repositories
import Testing

@Suite struct StartingFilesTests {
    @Test func `a repository begins with what was asked for`() throws {
        let start = try StartingFiles(
            name: "iris",
            description: "Flowers",
            ignored: ["python", "Jupyter"],
            licence: "mit"
        )
        let files = try start.changes(holder: "Ann", year: 2026).map { change in
            guard case .create(let path, .bytes(let bytes), _) = change else { return ("", "") }
            return ("\(path.path)", String(decoding: bytes, as: UTF8.self))
        }

        #expect(files.map(\.0) == ["README.md", ".gitignore", "LICENSE"])
        #expect(files[0].1 == "# iris\n\nFlowers\n")
        #expect(files[1].1.hasPrefix("# Python\n__pycache__/\n"))
        #expect(files[1].1.hasSuffix("\n\n# Jupyter\n.ipynb_checkpoints/\n"))
        #expect(files[2].1.hasPrefix("MIT License\n\nCopyright (c) 2026 Ann\n"))
    }

    @Test(arguments: Licence.allCases)
    func `every licence names its holder`(licence: Licence) throws {
        let start = try StartingFiles(name: "iris", licence: licence.rawValue)
        let last = try #require(start.changes(holder: "Ann", year: 2026).last)
        guard case .create(_, .bytes(let bytes), _) = last else {
            Issue.record("no file")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self).contains(" 2026 Ann\n"))
    }

    @Test func `what is not known is refused`() {
        #expect(throws: Failure.self) { try StartingFiles(name: "iris", ignored: ["Pascal"]) }
        #expect(throws: Failure.self) { try StartingFiles(name: "iris", licence: "mine") }
    }
}
