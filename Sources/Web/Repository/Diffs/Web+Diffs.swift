import Core
import HTTP
import HTTPTypes
import Repositories

extension Web {
    /// So many files are shown as what they mean; those behind, as lines.
    private static let mostRenderings = 20
    private static let commitLimit = 250
    /// So many branches, and as many tags, are offered to choose from.
    private static let mostNames = 1_000
    /// So long a page looks for where two histories parted.
    private static let comparisonLimit = Duration.seconds(5)

    var diffEndpoints: [Endpoint] {
        [
            repositoryPage("compare") { try await refComparisonPage($0, "") },
            repositoryPage("compare/**") { try await refComparisonPage($0, $0.visit.call.rest) },
            Endpoint(.get, "lines/:sha/**", in: .repositoryPages, needs: .read) { call in
                answer(fragment: try await lines(call))
            },
        ]
    }

    func diffView(
        of diff: Diff,
        from old: ObjectID?,
        to new: ObjectID,
        _ repository: RepositoryVisit
    ) async throws -> DiffView {
        let layout = repository.visit.query("view").flatMap(DiffLayout.init(rawValue:)) ?? .unified
        var renderings: [Int: FileDiffView.Rendering] = [:]
        var isPlainBehind = false
        for (place, file) in diff.files.enumerated() {
            if renderings.count == Self.mostRenderings {
                isPlainBehind = diff.files[place...].contains { Self.isRendered(FileKind($0.path.name)) }
                break
            }
            renderings[place] = try await rendering(of: file, from: old, to: new, repository)
        }
        let (files, hasAllMarks) = await aside { [renderings] in
            let budget = DiffBudget()
            let files = diff.files.enumerated().map { place, file in
                FileDiffView(
                    file: file,
                    place: place,
                    layout: layout,
                    addresses: repository.addresses,
                    old: old,
                    new: new,
                    rendering: renderings[place],
                    budget: budget
                ).html
            }.joined()
            return (files, !budget.isSpent)
        }
        let query = DiffView.query(of: repository.visit)
        return DiffView(
            diff: diff,
            layout: layout,
            ignoresWhitespace: query.ignoresWhitespace,
            onlyPath: query.path,
            files: files,
            hasAllMarks: hasAllMarks,
            isPlainBehind: isPlainBehind
        )
    }

    private static func isRendered(_ kind: FileKind) -> Bool {
        switch kind {
        case .image, .notebook, .table: true
        default: false
        }
    }

    private func rendering(
        of file: FileDiff,
        from old: ObjectID?,
        to new: ObjectID,
        _ repository: RepositoryVisit
    ) async throws -> FileDiffView.Rendering? {
        let kind = FileKind(file.path.name)
        if kind == .image {
            let addresses = repository.addresses
            let before = old.flatMap { id in file.oldPath.map { addresses.raw(id, $0) } }
            return .image(
                ImageDiff(old: before, new: file.newPath.map { addresses.raw(new, $0) }, name: file.path.name)
                    .html
            )
        }
        guard kind == .notebook || kind == .table, let old, let oldPath = file.oldPath,
            let newPath = file.newPath,
            case .text = file.content,
            let before = try await bytes(oldPath, at: old, repository.content),
            let after = try await bytes(newPath, at: new, repository.content)
        else { return nil }
        return await aside {
            if kind == .notebook {
                guard let old = Notebook(before), let new = Notebook(after) else { return nil }
                return .notebook(NotebookDiff(old: old, new: new).html(within: DiffBudget()))
            }
            let separator = TextTable.separator(of: newPath.name)
            return TableDiff(
                old: TextTable(before, separator: separator),
                new: TextTable(after, separator: separator)
            ).map { .table($0.html(within: DiffBudget())) }
        }
    }

    /// Nil for what is too large to be compared otherwise than by lines.
    private func bytes(_ path: TreePath, at commit: ObjectID, _ content: Git) async throws -> [UInt8]? {
        let entry = try await content.entry(at: path, of: Revision(commit))
        guard let size = entry.sizeBytes, size <= DiffLimits().fileBytes, entry.kind != .symlink else {
            return nil
        }
        return try await content.bytes(of: entry, limitBytes: size)
    }

    /// Lines of a file that stay the same, which a difference left out.
    private func lines(_ call: Call) async throws -> HTML {
        let repository = try await enter(visit(call))
        let commit = try await repository.content.resolve(Revision(call.parameter("sha"))).commit
        let query = call.query
        func number(_ key: String) -> Int {
            query[key].flatMap(Int.init).map { min(max($0, 1), 1 << 30) } ?? 1
        }
        let (old, new, count) = (number("old"), number("new"), min(number("count"), 2_000))
        let layout = query["layout"].flatMap(DiffLayout.init(rawValue:)) ?? .unified
        guard let bytes = try await bytes(TreePath(call.rest), at: commit, repository.content) else {
            throw Failure(.tooLarge, "The file is too large.")
        }
        let lines = TextLines(bytes)
        return (new - 1..<max(new - 1, min(new - 1 + count, lines.count))).map { place in
            layout.context(LineText(lines[place].text).html, old: old + place - new + 1, new: place + 1)
        }.joined()
    }

    func refComparisonPage(
        _ repository: RepositoryVisit,
        _ words: String
    ) async throws -> RefComparisonPage {
        let content = repository.content
        async let branches = content.branches(limit: Self.mostNames)
        async let tags = content.tags(limit: Self.mostNames)
        let start = try await repository.start()?.name ?? ""
        let ends = words.firstRange(of: "...").map {
            (String(words[..<$0.lowerBound]), String(words[$0.upperBound...]))
        }
        let (base, head) = ends ?? (words.isEmpty ? (start, "") : (start, words))
        var page = try await RefComparisonPage(
            repository: repository,
            base: base,
            head: head,
            names: branches.map(\.name.text) + tags.map(\.name.text),
            hasMoreNames: max(branches.count, tags.count) == Self.mostNames
        )
        guard !base.isEmpty, !head.isEmpty else { return page }
        do {
            let found = try await content.compare(
                base: Revision(base),
                head: Revision(head),
                commitLimit: Self.commitLimit,
                timeLimit: Self.comparisonLimit,
                DiffView.query(of: repository.visit)
            )
            let shown = RefComparisonPage.Found(
                divergence: found.divergence,
                commits: found.commits,
                haveCommonCommit: found.mergeBase != nil
            )
            page.found = shown
            page.offer = try await mergeOffer(
                of: shown,
                at: (found.base, found.head),
                from: head,
                into: base,
                repository
            )
            page.diff = try await diffView(
                of: found.diff,
                from: found.mergeBase ?? found.base,
                to: found.head,
                repository
            )
        } catch let failure as Failure where failure.isOfPerson {
            page.refusal = failure.message
        }
        return page
    }
}
