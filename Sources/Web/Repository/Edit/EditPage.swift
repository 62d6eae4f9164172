import Accounts
import Core
import HTTP
import Repositories

/// A text file in an editor: one that there is, or a new one.
struct EditPage: Page {
    /// Larger files are changed with Git.
    static let limitBytes: Int64 = 1 << 20

    let repository: RepositoryVisit
    let branch: BranchName
    /// The file that is changed; nil for a new one.
    let path: TreePath?
    /// What it is to be called, as it was typed.
    var name: String
    var text: String
    /// The id that the file had when somebody began to change it.
    var expected: String
    var endsLinesByReturn = false
    var commit = CommitForm()
    /// Whether this will be the first commit.
    var isFirst = false
    /// Why it could not be committed; what was typed is still there.
    var refusal: String?
    /// Where the file as it is now can be seen, where it has changed meanwhile.
    var other: Address?

    var title: String { (path == nil ? "New file" : "Edit \(name)") + " · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb(path == nil ? "New file" : "Edit")] }
    var tab: Tab? { .code }
    var scripts: [String] { ["editor/editor.js"] }
    var styles: [String] { ["repository/repository.css", "repository/code.css", "editor/editor.css"] }
    var parts: [Part] { [.codeMirror] }
    var isWide: Bool { true }
    var ways: [Way] {
        [
            .shell(
                """
                curl -X PUT -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\
                  -d '{"branch":"BRANCH","message":"WHY","content":"BASE64"}' \\
                  \(repository.visit.serverOrigin)\(repository.api["contents"])/PATH
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>\(path == nil ? "New file" : "Edit \(name)") <span class="quiet">on \(branch.text)</span></h1>
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)\(seeOther)</p>" as HTML })
        <form method="post" enctype="multipart/form-data" data-editor action="\(action)">
        <input type="hidden" name="expected" value="\(expected)">
        <input type="hidden" name="line_end" value="\(endsLinesByReturn ? "crlf" : "lf")">
        <label class="field">Path <input name="path" value="\(name)" required maxlength="1000" class="mono" spellcheck="false"></label>
        <div class="row editor-bar"><span class="toggle" hidden data-editor-tabs><button type="button" class="button small" data-show="text" aria-pressed="true">Text</button>\
        <button type="button" class="button small" data-show="preview" aria-pressed="false">Preview</button></span></div>
        <label class="visually-hidden" for="content">Content</label>
        <textarea id="content" name="content" rows="24" class="mono editor-text" spellcheck="false" data-language="\(CodeLanguage.of(name))">
        \(text)</textarea>
        <div class="card readme" hidden data-preview="\(repository.visit.base["preview"])"><div class="body"></div></div>
        \(commit.fields(on: branch.text, suggestion: path == nil ? "Add a file" : "Update \(name)", isFirst: isFirst))
        <div class="row"><button class="button primary">Commit</button><a class="button" href="\(back)">Cancel</a></div>
        </form>
        """
    }

    private var seeOther: HTML? {
        other.map { " <a href=\"\($0)\" target=\"_blank\">See it as it is now</a>" }
    }

    private var revision: ResolvedRevision? {
        ObjectID(String(repeating: "0", count: 40)).map {
            ResolvedRevision(kind: .branch(branch), commit: $0)
        }
    }

    private var action: Address {
        guard let revision else { return repository.visit.base }
        guard let path else { return repository.addresses[.new, revision] }
        return repository.addresses[.edit, revision, path]
    }

    private var back: Address {
        guard !isFirst, let revision, let path else { return repository.visit.base }
        return repository.addresses[.src, revision, path]
    }
}
