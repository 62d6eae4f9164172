// The run table: takes the rows over that the server has drawn, and does what these cannot.
import { $, settle } from "../core/dom.js";
import { ask, tellFailure } from "../core/api.js";
import { reloadAtFirstRun } from "../core/first.js";
import { base } from "../core/place.js";
import { toast } from "../core/toast.js";
import { Bar } from "./bar.js";
import { askedOf, columnsOf, distinct, learn } from "./columns.js";
import { filterBox } from "./filter.js";
import { both } from "./filters.js";
import { Grid } from "./grid.js";
import { groupRows, openGroup, parentsOf, rootsFilter } from "./groups.js";
import { Histories } from "./histories.js";
import { listenToKeys } from "./keys.js";
import { Live } from "./live.js";
import { cellMenu, columnMenu } from "./menus.js";
import { Selection } from "./selection.js";
import { ListSource, RunSource } from "./source.js";
import { isSameField, keepPlace, keptPlace, queryOf, readState, termOf, writeState } from "./state.js";
import { Branch } from "./tree.js";

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
  /** Where to go once there are rows enough; null where one is there. */
  #wanted = null;

  constructor() {
    this.state = readState(location.search, root.dataset.columns);
    this.rows = new Branch(new ListSource([]));
    this.histories = new Histories(this.address, () => this.grid.redraw());
    this.grid = new Grid(this);
    this.filter = filterBox({ value: this.state.filter, names: () => this.names(), values: (field) => this.values(field), apply: (text) => this.applyFilter(text) });
    this.bar = new Bar(this);
    this.live = new Live(this, Number(root.dataset.last));
    root.replaceChildren(...this.bar.parts(this.filter.element, this.grid.element));
    root.classList.add("alive");
    listenToKeys(this);
  }

  /** Begins with the rows that the server has drawn, where it has. */
  begin() {
    const first = root.dataset.first && !root.dataset.failure && !this.state.group && !new URLSearchParams(location.search).get("after") ? JSON.parse(root.dataset.first) : null;
    root.removeAttribute("data-first");
    this.#comeBack();
    this.load({ first });
    this.grid.arrange();
    this.#fitHeight();
    addEventListener("popstate", () => this.#showAddress());
    addEventListener("pagehide", () => this.#keepPlace());
    this.grid.element.addEventListener("scroll", () => this.keepPlaceSoon(), { passive: true });
    addEventListener("resize", () => this.#fitHeight());
    if (root.dataset.failure) this.filter.fail(root.dataset.failure);
  }

  /** The table ends with the window, so that there is one thing to scroll. */
  #fitHeight() {
    const top = this.grid.element.getBoundingClientRect().top + scrollY;
    if (innerWidth > 720) root.style.setProperty("--run-table-height", `${Math.max(320, innerHeight - top - 16)}px`);
    else root.style.removeProperty("--run-table-height");
  }

  // Where one is, for who comes back to this address.

  #keepPlace() { if (!this.#wanted) keepPlace({ ...this.grid.place, selected: this.selection.kept }); }

  keepPlaceSoon = settle(() => this.#keepPlace(), 200);

  #comeBack() {
    const kept = keptPlace();
    if (!kept) return;
    this.selection.restore(kept.selected);
    if (!this.state.group) this.#wanted = kept;
  }

  #goWhereOneWas(source) {
    if (!this.#wanted || !(source.isExact || this.rows.size > this.#wanted.first + ROWS_TO_LEARN_FROM)) return;
    const place = this.#wanted;
    this.#wanted = null;
    this.grid.goTo(place);
  }

  /** Shows the view of the address, after Back and Forward. */
  #showAddress() {
    const state = readState(location.search, root.dataset.columns);
    if (queryOf(state) === queryOf(this.state)) {
      this.state.saved = state.saved;
      return this.bar.tell();
    }
    if (state.view !== this.state.view) this.#names = null;
    this.state = state;
    this.filter.value = state.filter;
    this.#wanted = null;
    this.selection.clear();
    this.#comeBack();
    this.bar.tell();
    this.grid.arrange();
    this.load({ scroll: true });
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

  get asked() { return [...new Set(this.state.columns.map(askedOf).filter(Boolean))].join(","); }

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
      else tellFailure(error);
    } else if (source?.isLoaded) {
      this.filter.fail(null);
      // Counted once the first rows are there, which it must not hold up.
      source.count().catch(() => {});
      this.#goWhereOneWas(source);
      if (learn(this.state.columns, [...this.rows.loaded()].slice(0, ROWS_TO_LEARN_FROM))) this.grid.arrange();
    }
    this.bar.tell();
    this.grid.render();
  }

  // What the view is changed by.

  /** Writes the view into the address; Back undoes a step. */
  write({ isStep = false } = {}) {
    writeState(this.state, { isStep });
    this.bar.tell();
  }

  change(changes) {
    this.#keepPlace();
    this.#wanted = null;
    Object.assign(this.state, changes);
    if ("view" in changes) { this.#names = null; this.selection.clear(); }
    this.write({ isStep: true });
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
    this.#keepPlace();
    this.#wanted = null;
    const isSame = query === queryOf(this.state);
    this.state = { ...readState(query ? `?${query}` : "", root.dataset.columns), saved: id === "" ? "" : String(id) };
    this.filter.value = this.state.filter;
    this.write({ isStep: !isSame });
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
    this.state.columns = distinct(columns);
    this.columnsChanged();
    this.load();
  }

  /** Asks which columns are shown where nobody has chosen any: there may be new names. */
  async renewColumns() {
    if (this.state.areColumnsChosen) return;
    const answer = await fetch(`${this.address}?view=${this.state.view}`).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const words = $("#run-table", fresh)?.dataset.columns;
    if (!words || words === root.dataset.columns || this.state.areColumnsChosen) return;
    root.dataset.columns = words;
    const old = new Map(this.state.columns.map((column) => [column.word, column]));
    this.state.columns = columnsOf(words).map((column) => old.get(column.word) ?? column);
    this.#names = null;
    this.grid.arrange();
    this.load();
  }

  /** What stands above the table is another one. */
  headerChanged() {
    this.bar.tell();
    this.#fitHeight();
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
    const cells = this.grid.cellsOf(column);
    for (const cell of cells) cell.style.width = "max-content";
    const width = Math.max(48, ...cells.map((cell) => cell.getBoundingClientRect().width));
    this.resize(column, width + 4);
    this.columnsChanged();
  }

  /** Puts a column before another. */
  moveColumn(moved, before) {
    if (!moved || moved === before) return;
    const columns = this.state.columns.filter((column) => column !== moved);
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
