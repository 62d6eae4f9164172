import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

extension Web {
    var editEndpoints: [Endpoint] {
        [
            repositoryPage("edit/**", needs: .write) { try await editPage($0) },
            repositoryPage("new/**", needs: .write) { try await newPage($0) },
            repositoryPage("upload/**", needs: .write) { try await uploadPage($0) },
            repositoryPage("delete/**", needs: .write) { try await deletePage($0) },
            commitRow("edit/**") {
                try await edit($0, $1)
            } showing: { repository, form, failure in
                // What was deleted meanwhile is offered as a new file, so that nothing that was typed is lost.
                var page: EditPage
                do { page = try await editPage(repository) } catch is Failure {
                    page = try await newPage(repository)
                }
                page.take(form, refusal: failure)
                return page
            },
            commitRow("new/**") {
                try await create($0, $1)
            } showing: { repository, form, failure in
                var page = try await newPage(repository)
                page.take(form, refusal: failure)
                return page
            },
            commitRow("upload/**") {
                try await upload($0, $1)
            } showing: { repository, form, failure in
                var page = try await uploadPage(repository)
                page.folder = form["folder"] ?? ""
                page.commit = CommitForm(form)
                page.refusal = failure.message
                return page
            },
            commitRow("delete/**") {
                try await delete($0, $1)
            } showing: { repository, form, failure in
                var page = try await deletePage(repository)
                page.commit = CommitForm(form)
                page.refusal = failure.message
                return page
            },
            Endpoint(.post, "preview", in: .repositoryPages, needs: .write) { call in
                try call.checkForm()
                let form = try await call.multipartForm()
                let repository = try await enter(visit(call))
                let text = form["content"] ?? ""
                guard let branch = try await repository.start(),
                    let folder = try? TreePath(form["folder"] ?? "")
                else {
                    return answer(fragment: await aside { Markdown(text).html() })
                }
                let links = MarkdownLinks(addresses: repository.addresses, revision: branch, folder: folder)
                return answer(fragment: await aside { Markdown(text).html(resolving: links.resolve) })
            },
        ]
    }

    /// A row that makes a commit of a form; where that cannot be, its page comes back with what was typed.
    private func commitRow(
        _ path: String,
        _ act: @escaping @Sendable (RepositoryVisit, MultipartForm) async throws -> Address,
        showing page: @escaping @Sendable (RepositoryVisit, MultipartForm, Failure) async throws -> some Page
    ) -> Endpoint {
        Endpoint(.post, path, in: .repositoryPages, needs: .write) { call in
            try call.checkForm()
            let repository = try await enter(visit(call))
            let form = try await call.multipartForm()
            do {
                return .redirect(to: try await act(repository, form).text)
            } catch let failure as Failure where failure.isOfPerson {
                let shown = try await page(repository, form, failure)
                return await answer(shown, for: repository.visit, status: Answer(failure).status)
            }
        }
    }

    /// The branch and the path that the address names; in an empty repository the branch need not be there.
    func place(
        _ repository: RepositoryVisit
    ) async throws -> (branch: BranchName, path: TreePath, isFirst: Bool) {
        let rest = repository.visit.call.rest
        if try await repository.content.isEmpty() {
            return (try BranchName(rest), .root, true)
        }
        let (revision, path) = try await repository.split(rest)
        guard let branch = revision.branch else {
            throw Failure.invalid("'\(revision.name)' is no branch: files are changed on a branch.")
        }
        return (branch, path, false)
    }

    private func editPage(_ repository: RepositoryVisit) async throws -> EditPage {
        let (branch, path, _) = try await place(repository)
        let revision = try await repository.content.resolve(Revision(branch))
        let entry = try await repository.file(at: path, of: revision)
        let bytes = try await repository.content.bytes(of: entry, limitBytes: Int(EditPage.limitBytes))
        guard entry.kind != .symlink else { throw Failure.invalid("'\(path)' is a symbolic link.") }
        let text = try EditableText(bytes, of: path)
        return EditPage(
            repository: repository,
            branch: branch,
            path: path,
            name: "\(path)",
            text: text.text,
            expected: "\(entry.id)",
            endsLinesByReturn: text.endsLinesByReturn
        )
    }

    private func newPage(_ repository: RepositoryVisit) async throws -> EditPage {
        let (branch, folder, isFirst) = try await place(repository)
        return EditPage(
            repository: repository,
            branch: branch,
            path: nil,
            name: folder.isRoot ? "" : "\(folder)/",
            text: "",
            expected: "",
            isFirst: isFirst
        )
    }

    private func uploadPage(_ repository: RepositoryVisit) async throws -> UploadPage {
        let (branch, folder, isFirst) = try await place(repository)
        return UploadPage(
            repository: repository,
            branch: branch,
            folder: folder.isRoot ? "" : "\(folder)",
            isFirst: isFirst
        )
    }

    private func deletePage(_ repository: RepositoryVisit) async throws -> DeletePage {
        let (branch, path, _) = try await place(repository)
        guard !path.isRoot else { throw Failure.invalid("Name what is to be deleted.") }
        let entry = try await repository.content.entry(at: path, of: Revision(branch))
        return DeletePage(repository: repository, branch: branch, entry: entry)
    }
}

extension EditPage {
    /// Shows again what was typed.
    fileprivate mutating func take(_ form: MultipartForm, refusal failure: Failure) {
        if failure.code == .invalidState, let revision = ObjectID(expected), let path {
            let now = ResolvedRevision(kind: .branch(branch), commit: revision)
            other = repository.addresses[.src, now, path]
        } else {
            expected = form["expected"] ?? expected
        }
        name = form["path"] ?? name
        text = String(decoding: form.contentBytes, as: UTF8.self)
        commit = CommitForm(form)
        refusal = failure.message
    }
}

extension Call {
    /// A form that may have files and long texts.
    func multipartForm() async throws -> MultipartForm {
        guard let type = request.headers[.contentType] else {
            throw Failure.invalid("The header Content-Type is missing.")
        }
        return try MultipartForm(try await body(), type: type)
    }
}
