// What stands above the run table: which runs, how they are grouped, columns, views, and how many they are.
import { $, h } from "../core/dom.js";
import { openMenu } from "../core/popup.js";
import { toast } from "../core/toast.js";
import { viewsButton } from "../views/views.js";
import { bulkBar } from "./bulk.js";
import { openChooser } from "./chooser.js";
import { wordsOf } from "./columns.js";
import { RunSource } from "./source.js";
import { queryOf } from "./state.js";

const MOST_GROUPINGS = 40;
const STAGES = { active: "Active", deleted: "Deleted", all: "All" };

export class Bar {
  constructor(table) {
    this.table = table;
    const menu = (label, act) => h("button", { type: "button", class: "button", "aria-haspopup": "menu", onclick: (event) => act(event.currentTarget) }, label);
    this.total = h("span", { class: "quiet small nowrap", role: "status" });
    this.pill = h("button", { type: "button", class: "new-runs badge accent", hidden: true, onclick: () => table.live.insert() });
    this.stage = menu("", (anchor) => openMenu(anchor, "Which runs", Object.entries(STAGES).map(([view, label]) => ({ label, isChecked: view === table.state.view, act: () => table.change({ view }) }))));
    this.grouping = menu("", (anchor) => this.#groupMenu(anchor));
    this.density = menu("Density", (anchor) => openMenu(anchor, "Height of rows", [["compact", "Compact"], ["roomy", "Roomy"]].map(([density, label]) => ({
      label, isChecked: density === table.state.density, act: () => { table.state.density = density; table.write(); table.grid.arrange(); },
    }))));
    this.csv = h("a", { class: "button", download: "" }, "CSV");
    this.nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, "No run is found."), h("button", { type: "button", class: "button", onclick: () => table.applyFilter("") }, "Clear the filter"));
    this.columns = menu("Columns", (anchor) => openChooser(anchor, { names: () => table.names(), shown: () => table.state.columns, change: (shown) => table.setColumns(shown) }));
    this.columns.setAttribute("aria-haspopup", "dialog");
    this.bulk = bulkBar({ address: table.address, columns: () => wordsOf(table.state.columns), selection: table.selection, changed: () => table.load() });
    this.views = viewsButton({ kind: `experiments/${table.experiment}`, query: () => queryOf(table.state), saved: () => table.state.saved, go: (query, id) => table.go(query, id) });
  }

  /** The bar, with the table below it. */
  parts(filter, grid) {
    return [
      h("div", { class: "table-bar" }, filter, h("div", { class: "row" }, this.stage, this.grouping, this.columns, this.views.element, this.density, this.csv)),
      h("div", { class: "row table-line" }, this.total, this.pill, this.bulk.element),
      h("div", { class: "grid-frame" }, grid, this.nothing),
    ];
  }

  /** Says what the table shows now. */
  tell() {
    const { state, rows: { source, size }, address } = this.table;
    const number = source instanceof RunSource ? source.size : source.rows.reduce((sum, row) => sum + (row.count ?? 1), 0);
    this.total.textContent = source.isLoaded ? `${number.toLocaleString("en")}${source.isExact ? "" : "+"} ${number === 1 ? "run" : "runs"}` : source.hasFailed ? (size > 0 ? "These are the rows before" : "") : "…";
    this.nothing.hidden = !source.isLoaded || size > 0;
    $("button", this.nothing).hidden = state.filter === "";
    this.stage.replaceChildren(`${STAGES[state.view]} ▾`);
    this.grouping.replaceChildren(`${state.group === "" ? "Group" : state.group === "parent" ? "By parent" : `By ${state.group.slice(2)}`} ▾`);
    const query = new URLSearchParams(queryOf(state));
    query.set("columns", wordsOf(state.columns));
    this.csv.href = `${address}/runs.csv?${query}`;
    const charts = $("[data-charts]");
    if (charts) charts.href = `${address}/charts${this.#chartWords()}`;
    this.bulk.show();
    this.views.show();
  }

  tellNew(count) {
    this.pill.hidden = count === 0;
    this.pill.textContent = `${count} new ${count === 1 ? "run" : "runs"}`;
  }

  /** The same runs in the same order, as charts ask for them. */
  #chartWords() {
    const { filter, order } = this.table.state;
    const words = new URLSearchParams();
    if (filter) words.set("filter", filter);
    if (order.length > 0) words.set("order", order[0]);
    return words.size > 0 ? `?${words}` : "";
  }

  async #groupMenu(anchor) {
    const { names } = await this.table.names();
    const { group } = this.table.state;
    const choice = (label, next, hint) => ({ label, hint, isChecked: group === next, act: () => this.table.change({ group: next }) });
    const fields = names.filter(([word, , differs]) => differs && (word.startsWith("p.") || word.startsWith("t.")) && !word.startsWith("t.mlflow."));
    const hidden = fields.length - MOST_GROUPINGS;
    openMenu(anchor, "Group runs", [
      choice("No groups", ""), choice("By parent run", "parent"), ...(fields.length > 0 ? [null] : []),
      ...fields.slice(0, MOST_GROUPINGS).map(([word]) => choice(decodeURIComponent(word.slice(2)), decodeURIComponent(word), word[0] === "p" ? "param" : "tag")),
      hidden > 0 && { label: `… and ${hidden} more`, act: () => toast("The menu at the head of a column groups by it") },
    ]);
  }
}
