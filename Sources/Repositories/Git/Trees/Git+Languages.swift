import CGit2

/// How much of a repository's code is written in a language.
package struct LanguageShare: Sendable, Hashable {
    package let name: String
    /// From 0 to 1.
    package let part: Double

    /// In whole percent, one at least.
    package var percent: Int { max(1, Int((part * 100).rounded())) }
}

extension Git {
    /// The languages of a commit's files by their sizes, the most used first; of a large tree, those of its first files and
    /// folders.
    ///
    /// What a file is written in is told by the ending of its name. Files that are no code do not count, nor do those of
    /// more than a megabyte, which nobody has written.
    package func languages(
        of commit: ObjectID,
        mostFiles: Int = 2_000,
        most: Int = 6
    ) async throws -> [LanguageShare] {
        try await run { repository in
            var sizes: [String: Int] = [:]
            var folders = [try repository.links(of: commit).tree]
            var (count, folderCount) = (0, 0)
            // Security: a small tree can stand for more folders than anybody lives to see, by naming one many times.
            while let id = folders.popLast(), count < mostFiles, folderCount < mostFiles {
                folderCount += 1
                let tree = try RawTree(id, in: repository)
                for entry in tree.entries where count < mostFiles {
                    if entry.isTree {
                        folders.append(tree.target(entry))
                        continue
                    }
                    count += 1
                    guard let language = Language.of(String(decoding: tree.name(entry), as: UTF8.self)),
                        let header = try repository.header(of: tree.target(entry)), header.sizeBytes < 1 << 20
                    else { continue }
                    sizes[language, default: 0] += header.sizeBytes
                }
            }
            let total = sizes.values.reduce(0, +)
            guard total > 0 else { return [] }
            return sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(most).map {
                LanguageShare(name: $0.key, part: Double($0.value) / Double(total))
            }
        }
    }
}

private enum Language {
    private static let endings: [String: String] = [
        "py": "Python", "ipynb": "Jupyter Notebook", "r": "R", "jl": "Julia", "swift": "Swift", "c": "C",
        "h": "C",
        "cc": "C++", "cpp": "C++", "hpp": "C++", "cu": "CUDA", "rs": "Rust", "go": "Go", "java": "Java",
        "kt": "Kotlin", "scala": "Scala", "js": "JavaScript", "mjs": "JavaScript", "ts": "TypeScript",
        "tsx": "TypeScript", "html": "HTML", "css": "CSS", "sh": "Shell", "bash": "Shell", "sql": "SQL",
        "rb": "Ruby", "php": "PHP", "cs": "C#", "m": "MATLAB", "tex": "TeX", "lua": "Lua", "pl": "Perl",
    ]

    static func of(_ name: String) -> String? {
        switch name.lowercased() {
        case "dockerfile": "Dockerfile"
        case "makefile": "Makefile"
        case let name: name.lastIndex(of: ".").flatMap { endings[String(name[name.index(after: $0)...])] }
        }
    }
}
