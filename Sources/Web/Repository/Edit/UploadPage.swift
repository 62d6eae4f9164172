import Accounts
import Core
import HTTP
import Repositories

/// Files that are sent from somebody's machine.
struct UploadPage: Page {
    let repository: RepositoryVisit
    let branch: BranchName
    /// The folder that they go to, as it was typed.
    var folder: String
    var commit = CommitForm()
    var isFirst = false
    var refusal: String?

    var title: String { "Upload files · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Upload")] }
    var tab: Tab? { .code }
    var scripts: [String] { ["editor/upload.js"] }
    var styles: [String] { ["repository/repository.css", "editor/editor.css"] }
    var ways: [Way] {
        [
            .shell(
                """
                git clone \(repository.cloneAddress) && cd \(repository.place.name)
                git switch \(ShellWord(branch.text).text)
                git add FILES && git commit -m "Add files" && git push
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>Upload files <span class="quiet">to \(branch.text)</span></h1>
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0) Choose the files again.</p>" as HTML })
        <form method="post" enctype="multipart/form-data" data-upload action="\(repository.visit.base["upload"].below(branch.text))">
        <label class="field">Folder <input name="folder" value="\(folder)" placeholder="the root" maxlength="1000" class="mono"></label>
        <label class="field drop">Files <input type="file" name="files" multiple required>
        <span class="hint">Choose several, or drop them here. A file of the same name is replaced.</span></label>
        <ul class="plain upload-list" aria-live="polite"></ul>
        \(commit.fields(on: branch.text, suggestion: "Upload files", isFirst: isFirst))
        <div class="row"><button class="button primary">Commit</button><a class="button" href="\(repository.visit.base)">Cancel</a></div>
        </form>
        """
    }
}

/// The question before a file or a folder is deleted.
struct DeletePage: Page {
    let repository: RepositoryVisit
    let branch: BranchName
    let entry: TreeEntry
    var commit = CommitForm()
    var refusal: String?

    var title: String { "Delete \(entry.path) · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Delete")] }
    var tab: Tab? { .code }
    var styles: [String] { ["repository/repository.css", "editor/editor.css"] }
    var ways: [Way] { [.shell("git rm -r \(ShellWord("\(entry.path)").text)")] }

    var body: HTML {
        """
        <h1>Delete \("\(entry.path)") <span class="quiet">from \(branch.text)</span></h1>
        <p>\(entry.kind == .folder ? "The folder goes with all that is in it" : "The file goes") from the branch; what is \
        committed already keeps it.</p>
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
        <form method="post" enctype="multipart/form-data" action="\(address(.delete))">
        <input type="hidden" name="expected" value="\("\(entry.id)")">
        \(commit.fields(on: branch.text, suggestion: "Delete \(entry.name)"))
        <div class="row"><button class="button danger">Delete</button><a class="button" href="\(address(.src))">Cancel</a></div>
        </form>
        """
    }

    private func address(_ view: RepositoryAddresses.View) -> Address {
        repository.addresses[view, ResolvedRevision(kind: .branch(branch), commit: entry.id), entry.path]
    }
}
