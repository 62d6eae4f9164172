// The run table: takes the rows over that the server has drawn, and does what these cannot.
import { $, h, settle } from "../core/dom.js";
import { ask } from "../core/api.js";
import { reloadAtFirstRun } from "../core/first.js";
import { base } from "../core/place.js";
import { toast } from "../core/toast.js";
import { bulkBar } from "./bulk.js";
import { openChooser } from "./chooser.js";
import { askedOf, learn, wordsOf } from "./columns.js";
import { filterBox } from "./filter.js";
import { both } from "./filters.js";
import { Grid } from "./grid.js";
import { groupRows, openGroup, parentsOf, rootsFilter } from "./groups.js";
import { Histories } from "./histories.js";
import { listenToKeys } from "./keys.js";
import { Live } from "./live.js";
import { cellMenu, columnMenu } from "./menus.js";
import { openMenu } from "../core/popup.js";
import { Selection } from "./selection.js";
import { ListSource, RunSource } from "./source.js";
import { isSameField, queryOf, readState, termOf, writeState } from "./state.js";
import { Branch } from "./tree.js";
import { viewsButton } from "../views/views.js";

const ROWS_TO_LEARN_FROM = 300;

const root = $("#run-table");
const experiment = root.dataset.experiment;

class Table {
  address = `${base}/experiments/${experiment}`;
  experiment = experiment;
  selection = new Selection(this);
  selected = this.selection.runs;
  #parents = new Map();
  #names = null;
  #values = new Map();
  #turn = 0;

  constructor() {
    this.state = readState(location.search, root.dataset.columns);
    this.rows = new Branch(new ListSource([]));
    this.histories = new Histories(this.address, () => this.grid.redraw());
    this.grid = new Grid(this);
    this.filter = filterBox({ value: this.state.filter, names: () => this.names(), values: (field) => this.values(field), apply: (text) => this.applyFilter(text) });
    this.bulk = bulkBar({ address: this.address, columns: () => wordsOf(this.state.columns), selected: this.selected, changed: () => this.load(), clear: () => this.selection.clear() });
    this.views = viewsButton({ kind: `experiments/${experiment}`, query: () => queryOf(this.state), saved: () => this.state.saved, go: (query, id) => this.go(query, id) });
    this.live = new Live(this, Number(root.dataset.last));
    this.#build();
    listenToKeys(this);
  }

  #build() {
    const menu = (label, act, attributes = {}) => h("button", { type: "button", class: "button", "aria-haspopup": "menu", onclick: (event) => act(event.currentTarget), ...attributes }, label);
    this.total = h("span", { class: "quiet small nowrap", role: "status" });
    this.pill = h("button", { type: "button", class: "new-runs badge accent", hidden: true, onclick: () => this.live.insert() });
    this.stage = menu("", (anchor) => openMenu(anchor, "Which runs", [["active", "Active"], ["deleted", "Deleted"], ["all", "All"]].map(([view, label]) => ({ label, isChecked: view === this.state.view, act: () => this.change({ view }) }))));
    this.grouping = menu("", (anchor) => this.#groupMenu(anchor));
    this.density = menu("Density", (anchor) => openMenu(anchor, "Height of rows", [["compact", "Compact"], ["roomy", "Roomy"]].map(([density, label]) => ({
      label, isChecked: density === this.state.density, act: () => { this.state.density = density; this.write(); this.grid.arrange(); },
    }))));
    this.csv = h("a", { class: "button", download: "" }, "CSV");
    this.nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, "No run is found."), h("button", { type: "button", class: "button", onclick: () => this.applyFilter("") }, "Clear the filter"));
    const columns = menu("Columns", (anchor) => openChooser(anchor, { names: () => this.names(), shown: () => this.state.columns, change: (shown) => this.setColumns(shown) }));
    columns.setAttribute("aria-haspopup", "dialog");
    root.replaceChildren(
      h("div", { class: "table-bar" }, this.filter.element, h("div", { class: "row" }, this.stage, this.grouping, columns, this.views.element, this.density, this.csv)),
      h("div", { class: "row table-line" }, this.total, this.pill, this.bulk.element),
      h("div", { class: "grid-frame" }, this.grid.element, this.nothing),
    );
    root.classList.add("alive");
  }

  /** Begins with the rows that the server has drawn, where it has. */
  begin() {
    const first = root.dataset.first && !root.dataset.failure && !this.state.group && !new URLSearchParams(location.search).get("after") ? JSON.parse(root.dataset.first) : null;
    root.removeAttribute("data-first");
    this.load({ first });
    this.grid.arrange();
    this.#fitHeight();
    addEventListener("resize", () => this.#fitHeight());
    if (root.dataset.failure) this.filter.fail(root.dataset.failure);
  }

  /** The table ends with the window, so that there is one thing to scroll. */
  #fitHeight() {
    const top = this.grid.element.getBoundingClientRect().top + scrollY;
    if (innerWidth > 720) root.style.setProperty("--run-table-height", `${Math.max(320, innerHeight - top - 16)}px`);
    else root.style.removeProperty("--run-table-height");
  }

  names() {
    this.#names ??= ask("GET", `${this.address}/names.json?${this.state.view === "active" ? "" : `view=${this.state.view}`}`);
    this.#names.catch(() => { this.#names = null; });
    return this.#names;
  }

  /** The values of a field among all runs, most frequent first. */
  async values(field, filter = "", limit = 50) {
    const words = new URLSearchParams({ field, limit });
    if (filter) words.set("filter", filter);
    if (this.state.view !== "active") words.set("view", this.state.view);
    const key = words.toString();
    if (!this.#values.has(key)) {
      const asked = ask("GET", `${this.address}/values.json?${words}`).then((answer) => answer.values);
      asked.catch(() => this.#values.delete(key));
      this.#values.set(key, asked);
      setTimeout(() => this.#values.delete(key), 15_000);
    }
    return this.#values.get(key);
  }

  get asked() { return this.state.columns.map(askedOf).filter(Boolean).join(","); }

  source(filter, options = {}) {
    const { order, view } = this.state;
    const source = new RunSource(this.address, { filter, order, view, columns: this.asked }, (error) => this.told(source, error), options);
    return source;
  }

  /** Asks for the rows anew; what is shown stays until the first have come. */
  async load({ first = null, scroll = false } = {}) {
    const turn = ++this.#turn;
    this.#values.clear();
    const old = this.rows;
    const { group, filter } = this.state;
    let rows;
    try {
      if (group && group !== "parent") rows = await groupRows(this);
      else {
        if (group) this.#parents = await parentsOf(this);
        rows = new Branch(this.source(group ? rootsFilter(filter) : filter, { first, before: old.source instanceof RunSource && !group ? old.source : null }));
      }
    } catch (error) {
      return this.told(null, error);
    }
    if (turn !== this.#turn) return;
    old.stop();
    this.rows = rows;
    if (scroll) this.grid.scrollToTop();
    this.told(rows.source, null);
  }

  /** Something has come, or failed. */
  told(source, error) {
    if (error) {
      if (error.status === 400) this.filter.fail(error.message);
      else toast(error.message, { bad: true });
    } else if (source?.isLoaded) {
      this.filter.fail(null);
      // Counted once the first rows are there, which it must not hold up.
      source.count().catch(() => {});
      if (learn(this.state.columns, [...this.rows.loaded()].slice(0, ROWS_TO_LEARN_FROM))) this.grid.arrange();
    }
    this.#tell();
    this.grid.render();
  }

  #tell() {
    const { source, size } = this.rows;
    const number = source instanceof RunSource ? source.size : source.rows.reduce((sum, row) => sum + (row.count ?? 1), 0);
    this.total.textContent = source.isLoaded ? `${number.toLocaleString("en")}${source.isExact ? "" : "+"} ${number === 1 ? "run" : "runs"}` : source.hasFailed ? (size > 0 ? "These are the rows before" : "") : "…";
    this.nothing.hidden = !source.isLoaded || size > 0;
    $("button", this.nothing).hidden = this.state.filter === "";
    this.stage.replaceChildren(`${{ active: "Active", deleted: "Deleted", all: "All" }[this.state.view]} ▾`);
    this.grouping.replaceChildren(`${this.state.group === "" ? "Group" : this.state.group === "parent" ? "By parent" : `By ${this.state.group.slice(2)}`} ▾`);
    const query = new URLSearchParams(queryOf(this.state));
    query.set("columns", wordsOf(this.state.columns));
    this.csv.href = `${this.address}/runs.csv?${query}`;
    const charts = $("[data-charts]");
    if (charts) charts.href = `${this.address}/charts${this.#chartWords()}`;
    this.bulk.show();
    this.views.show();
  }

  /** The same runs in the same order, as charts ask for them. */
  #chartWords() {
    const words = new URLSearchParams();
    if (this.state.filter) words.set("filter", this.state.filter);
    if (this.state.order.length > 0) words.set("order", this.state.order[0]);
    return words.size > 0 ? `?${words}` : "";
  }

  // What the view is changed by.

  write() {
    writeState(this.state);
    this.#tell();
  }

  change(changes) {
    Object.assign(this.state, changes);
    if ("view" in changes) { this.#names = null; this.selection.clear(); }
    this.write();
    this.grid.arrange();
    this.load({ scroll: true });
  }

  applyFilter(text) {
    this.filter.value = text;
    this.change({ filter: text });
  }

  addFilter(condition) { this.applyFilter(both(this.state.filter, condition)); }

  /** Shows another view, such as a saved one. */
  go(query, id) {
    const isSame = query === queryOf(this.state);
    this.state = { ...readState(query ? `?${query}` : "", root.dataset.columns), saved: id === "" ? "" : String(id) };
    this.filter.value = this.state.filter;
    this.write();
    if (isSame) return;
    this.grid.arrange();
    this.load({ scroll: true });
  }

  sortOf(column) {
    const term = this.state.order.map(termOf).find(({ field }) => column.order && isSameField(field, column.order));
    if (term) return term;
    return this.state.order.length === 0 && column.key === "created" && column.kind === "attribute" ? { isDescending: true } : null;
  }

  /** Sorts by a column; once more the other way, and a third time as it was. */
  sort(column, isAdded = false, isDescending = null) {
    if (!column.order) return toast(`Runs cannot be sorted by ${column.label.toLowerCase()}`);
    const others = isAdded ? this.state.order.filter((text) => !isSameField(termOf(text).field, column.order)) : [];
    const now = this.state.order.map(termOf).find(({ field }) => isSameField(field, column.order));
    const first = column.number || column.key === "created";
    const next = isDescending ?? (now ? (now.isDescending === first ? !first : null) : first);
    this.change({ order: next === null ? others : [...others, `${column.order} ${next ? "DESC" : "ASC"}`] });
  }

  setColumns(columns) {
    this.state.columns = columns;
    this.columnsChanged();
    this.load();
  }

  columnsChanged() {
    this.state.areColumnsChosen = true;
    this.write();
    this.grid.arrange();
  }

  resize(column, width) {
    column.width = Math.min(900, Math.max(48, Math.round(width)));
    this.grid.arrange();
  }

  fit(column) {
    const cells = this.grid.element.querySelectorAll(`.grid-cell[data-word="${CSS.escape(column.word)}"]`);
    for (const cell of cells) cell.style.width = "max-content";
    const width = Math.max(48, ...[...cells].map((cell) => cell.getBoundingClientRect().width));
    this.resize(column, width + 4);
    this.columnsChanged();
  }

  /** Puts a column before another. */
  moveColumn(word, before) {
    const columns = this.state.columns.filter((column) => column.word !== word);
    const moved = this.state.columns.find((column) => column.word === word);
    if (!moved || moved === before) return;
    moved.pinned = before.pinned;
    columns.splice(columns.indexOf(before), 0, moved);
    this.state.columns = columns;
    this.columnsChanged();
  }

  shiftColumn(column, step) {
    const columns = this.grid.columns;
    const place = columns.indexOf(column);
    const other = columns[place + step];
    if (!other || other.pinned !== column.pinned) return;
    columns.splice(place, 1);
    columns.splice(place + step, 0, column);
    this.state.columns = columns;
    this.columnsChanged();
    this.grid.moveTo(this.grid.active.place, place + step);
  }

  columnMenu(column, anchor) { columnMenu(this, column, anchor); }

  cellMenu(place, column, anchor, at) {
    const { row } = this.rows.at(place);
    if (row && !row.isGroup) cellMenu(this, row, place, column, anchor, at);
  }

  async #groupMenu(anchor) {
    const { names } = await this.names();
    const { group } = this.state;
    const fields = names.filter(([word, , differs]) => differs && (word.startsWith("p.") || word.startsWith("t.")) && !word.startsWith("t.mlflow.")).slice(0, 40);
    openMenu(anchor, "Group runs", [
      { label: "No groups", isChecked: group === "", act: () => this.change({ group: "" }) },
      { label: "By parent run", isChecked: group === "parent", act: () => this.change({ group: "parent" }) },
      ...(fields.length > 0 ? [null] : []),
      ...fields.map(([word]) => ({ label: decodeURIComponent(word.slice(2)), hint: word[0] === "p" ? "param" : "tag", isChecked: group === decodeURIComponent(word), act: () => this.change({ group: decodeURIComponent(word) }) })),
    ]);
  }

  // Rows within rows.

  childrenOf(row) { return this.state.group === "parent" ? this.#parents.get(row.id) ?? 0 : 0; }

  toggle(place) {
    const { branch, index } = this.rows.find(place);
    const row = branch.source.at(index);
    if (!row) return;
    if (branch.isOpen(index)) branch.close(index);
    else openGroup(this, branch, index, row);
    this.grid.redraw();
  }

  // What is seen.

  history(row, column) { return this.histories.get(row, column); }

  drawn = settle((first, end) => {
    const rows = [];
    for (let place = first; place < end; place++) {
      const { row } = this.rows.at(place);
      if (row && !row.isGroup) rows.push(row);
    }
    this.histories.want(rows, this.state.columns);
    this.live.watchRows(rows);
  }, 150);

  /** Rows changed in place. */
  rowsChanged(rows) {
    for (const row of rows) row.version = (row.version ?? 0) + 1;
    this.grid.render();
  }
}

const hasRuns = Number(root.dataset.count) > 0 || location.search !== "";
if (hasRuns) new Table().begin();
else reloadAtFirstRun(experiment);
