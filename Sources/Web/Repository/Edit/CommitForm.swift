import Core
import HTTP
import Repositories

/// What every form says that makes a commit: what it is called, and on which branch it goes.
struct CommitForm: Sendable {
    let message: String
    /// A branch that is to be made for the commit; nil for the one that was looked at.
    let newBranch: String?

    init(message: String = "", newBranch: String? = nil) {
        self.message = message
        self.newBranch = newBranch
    }

    init(_ form: MultipartForm) {
        let title = form["summary"]?.trimmed ?? ""
        let details = form["details"]?.replacing("\r\n", with: "\n").trimmed ?? ""
        message = details.isEmpty ? title : "\(title)\n\n\(details)"
        newBranch = form["target"] == "new" ? form["new_branch"] ?? "" : nil
    }

    /// The fields.
    ///
    /// - Parameters:
    ///   - branch: The branch that was looked at.
    ///   - suggestion: What the commit is called where nobody says it.
    ///   - isFirst: Whether there is nothing yet that another branch could begin from.
    /// - Returns: Their markup.
    func fields(on branch: String, suggestion: String, isFirst: Bool = false) -> HTML {
        let lines = message.split(separator: "\n", maxSplits: 1).map(String.init)
        return """
            <section class="card commit-form"><header>Commit</header><div class="body">
            <label class="field">What changes <input name="summary" value="\(lines.first ?? "")" placeholder="\(suggestion)" maxlength="200"></label>
            <label class="field">Why (optional) <textarea name="details" rows="3">
            \(lines.dropFirst().first?.trimmed ?? "")</textarea></label>
            \(isFirst ? nil : targets(branch))
            </div></section>
            """
    }

    private func targets(_ branch: String) -> HTML {
        """
        <fieldset class="targets"><legend>Where</legend>
        <label class="field inline"><input type="radio" name="target" value="same" \(newBranch == nil ? "checked" : "" as HTML)> On <strong>\(branch)</strong></label>
        <label class="field inline"><input type="radio" name="target" value="new" \(newBranch == nil ? "" : "checked" as HTML)> On a new branch</label>
        <label class="field new-branch">Name of the new branch <input name="new_branch" value="\(newBranch ?? "")" maxlength="250"></label></fieldset>
        """
    }
}
