import TestSupport
import Testing

@testable import Repositories

@Suite struct GitProgramTests {
    /// It ends before, while or after it is given its input, as it comes.
    @Test func `a process that ends before it has read its input says why`() async throws {
        try await withRepositories { place in
            let git = place.repositories.git
            for lengthBytes in [1, 1_000, 1 << 20] {
                for _ in 0..<20 {
                    let output = try await git.run(
                        GitProgram.Command(
                            arguments: ["rev-list", "--stdin"],
                            repository: place.path + "-that-is-not-there"
                        ),
                        input: [UInt8](repeating: UInt8(ascii: "\n"), count: lengthBytes)
                    )
                    #expect(!output.isSuccess)
                    #expect(output.error.contains("not a git repository"))
                }
            }
        }
    }

    @Test func `a process is given all of its input`() async throws {
        try await withRepositories { place in
            let command = GitProgram.Command(
                arguments: ["hash-object", "--stdin"],
                repository: place.path
            )
            let empty = try await place.repositories.git.require(command)
            #expect(empty.lines == ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"])
            let long = try await place.repositories.git.require(
                command,
                input: [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
            )
            #expect(long.lines == ["b9b1286dcafc5868eab2a1cdae6674df703c5bb1"])
        }
    }
}
