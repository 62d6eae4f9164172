import Core
import Tracking

/// The forms that make and change experiments, which work without script.
struct ExperimentForms {
    let visit: Visit

    var create: HTML {
        """
        <details class="menu new-experiment" \(visit.query("new") == nil ? "" : "open")><summary class="button primary">\(Icon.add.html)New experiment</summary>
        <form method="post" action="\(visit.base["experiments"])" class="menu-body form-body">
        <label class="field">Name<input name="name" required maxlength="500" autocomplete="off" \
        \(visit.query("new") == nil ? "" : "autofocus")></label>
        <label class="field">Description <span class="hint">Markdown</span><textarea name="description" rows="3"></textarea></label>
        <button class="button primary">Create</button>
        </form></details>
        """
    }

    func edit(_ experiment: Experiment, _ words: ExperimentWords) -> HTML {
        """
        <details class="menu"><summary class="button">\(Icon.edit.html)Edit</summary>
        <div class="menu-body form-body">
        <form method="post" action="\(address(experiment)["edit"])">
        <label class="field">Name<input name="name" required maxlength="500" value="\(experiment.name)" autocomplete="off"></label>
        <label class="field">Description <span class="hint">Markdown</span><textarea name="description" rows="5">
        \(words.note)</textarea></label>
        <button class="button primary">Save</button>
        </form>
        <h3>Tags</h3>
        \(words.tags.map { tagRow($0, of: experiment) })
        <form method="post" action="\(address(experiment)["tags"])" class="row">
        <input name="key" required aria-label="Tag" placeholder="Tag" size="12">
        <input name="value" aria-label="Value" placeholder="Value" size="14">
        <button class="button">Set</button>
        </form>
        <hr>
        \(delete(experiment))
        </div></details>
        """
    }

    func delete(_ experiment: Experiment) -> HTML {
        """
        <form method="post" action="\(address(experiment)["delete"])" data-delete="\(experiment.id)" \
        data-name="\(experiment.name)"><button class="button danger">\(Icon.delete.html)Delete</button></form>
        """
    }

    func restore(_ experiment: Experiment) -> HTML {
        """
        <form method="post" action="\(address(experiment)["restore"])">\
        <button class="button">\(Icon.history.html)Restore</button></form>
        """
    }

    private func tagRow(_ tag: Tag, of experiment: Experiment) -> HTML {
        """
        <form method="post" action="\(address(experiment).below("tags/delete"))" class="row between">
        <input type="hidden" name="key" value="\(tag.key)">
        <span class="clip"><b>\(tag.key)</b> \(tag.value)</span>
        <button class="icon-button" aria-label="Remove the tag \(tag.key)" title="Remove">\(Icon.close.html)</button>
        </form>
        """
    }

    private func address(_ experiment: Experiment) -> Address {
        visit.base["experiments"]["\(experiment.id)"]
    }
}
