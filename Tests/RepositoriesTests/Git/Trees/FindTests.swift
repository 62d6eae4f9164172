import Core
import Repositories
import Testing

@Suite struct FindTests {
    @Test func `a file is found by any part of its path`() async throws {
        try await withScratch { scratch in
            let nothing = try await scratch.git.find(containing: "a", limit: 10)
            #expect(nothing == nil)

            try await scratch.sh(
                """
                mkdir -p src/Deep; echo 1 > README.md; echo 1 > src/train.py; echo 1 > src/Deep/Train_all.py
                ln -s train.py src/link.py; commit one
                """
            )

            let cases: [(String, [String])] = [
                ("train", ["src/train.py", "src/Deep/Train_all.py"]), ("readme", ["README.md"]),
                ("SRC/T", ["src/train.py"]), ("deep/", ["src/Deep/Train_all.py"]), ("none", []),
                ("src/train.py and more", []),
            ]
            for (text, paths) in cases {
                let found = try await scratch.git.find(containing: text, limit: 10)
                #expect(found?.paths.map(\.description) == paths, "\(text)")
                #expect(found?.branch.text == "main")
            }
            #expect(try await scratch.git.find(containing: "py", limit: 1)?.paths.count == 1)
        }
    }
}
