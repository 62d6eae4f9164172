// A table of which only what is seen is in the document: rows and columns come and go with the scroll.
import { $, $$, h } from "../core/dom.js";
import { nameOf, numberOf } from "../core/format.js";
import { contentOf, summaryOf, titleOf } from "./cells.js";
import { headTitleOf, isByLast, isNumeric } from "./columns.js";

const HEIGHTS = { compact: 28, roomy: 40 };
const SELECT_WIDTH = 34;
/** So wide the head of a group is at least, whatever is pinned. */
const GROUP_WIDTH = 240;
const ROWS_AROUND = 8;
const PIXELS_AROUND = 300;
/** Browsers have no taller elements. */
const MOST_PIXELS = 30_000_000;

export class Grid {
  #elements = new Map();
  #layout = { pinned: [], free: [], pinnedWidth: SELECT_WIDTH, total: 0 };
  #window = [0, 0];
  #frame = 0;

  /** `table` answers what stands where and hears what is done; see table.js. */
  constructor(table) {
    this.table = table;
    this.active = { place: 0, column: 0 };
    this.all = h("input", { type: "checkbox", tabindex: "-1", "aria-label": "Select all that are loaded", onclick: (event) => table.selection.turnLoaded(event.target.checked) });
    this.head = h("div", { class: "grid-head", role: "row", "aria-rowindex": "1" });
    this.body = h("div", { class: "grid-body", role: "rowgroup" });
    this.element = h("div", { class: "grid", role: "grid", tabindex: "0", "aria-label": "Runs", "aria-multiselectable": "true" }, h("div", { role: "rowgroup", class: "grid-top" }, this.head), this.body);
    this.element.addEventListener("scroll", () => this.render(), { passive: true });
    this.element.addEventListener("focus", () => this.#showActive());
    new ResizeObserver(() => this.render()).observe(this.element);
  }

  get rowHeight() { return HEIGHTS[this.table.state.density]; }
  get columns() { return [...this.#layout.pinned, ...this.#layout.free]; }

  /** After columns came, went, moved or changed their width. */
  arrange() {
    const columns = this.table.state.columns;
    const pinned = columns.filter((column) => column.pinned);
    const free = columns.filter((column) => !column.pinned);
    let left = SELECT_WIDTH;
    this.places = new Map();
    const place = (column) => { const at = { column, left, width: column.width, number: this.places.size }; left += column.width; return at; };
    for (const column of pinned) this.places.set(column, place(column));
    const pinnedWidth = left;
    for (const column of free) this.places.set(column, place(column));
    this.#layout = { pinned, free, pinnedWidth, total: left };
    for (const column of columns) column.fraction = 0;
    this.#window = [0, 0];
    this.element.setAttribute("aria-colcount", String(columns.length + 1));
    this.element.style.setProperty("--row-height", `${this.rowHeight}px`);
    this.element.classList.toggle("roomy", this.table.state.density === "roomy");
    this.#drawHead();
    this.redraw();
  }

  /** Draws every row anew at the next frame. */
  redraw() {
    for (const element of this.#elements.values()) element.shown = null;
    this.render();
  }

  render() { this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#draw(); }); }

  /** The places that are seen now. */
  seen() {
    const first = Math.floor(this.element.scrollTop / this.rowHeight);
    const count = Math.ceil(Math.max(0, this.element.clientHeight - this.head.offsetHeight) / this.rowHeight);
    return [Math.max(0, first), Math.min(this.table.rows.size, first + count + 1)];
  }

  scrollToTop() { this.element.scrollTop = 0; }

  keepPlace(rowsBefore) {
    this.body.style.height = `${this.#height}px`;
    this.element.scrollTop += rowsBefore * this.rowHeight;
    this.active.place += rowsBefore;
  }

  /** Where one is: the first row that is seen, and the active cell. */
  get place() { return { first: this.element.scrollTop / this.rowHeight, left: this.element.scrollLeft, active: { ...this.active } }; }

  goTo({ first, left, active }) {
    this.body.style.height = `${this.#height}px`;
    this.body.style.width = `${this.#layout.total}px`;
    this.element.scrollTop = first * this.rowHeight;
    this.element.scrollLeft = left;
    this.active = { ...active };
    this.render();
  }

  get #height() { return Math.min(MOST_PIXELS, this.table.rows.size * this.rowHeight); }

  move(rows, columns) {
    this.active.place = Math.max(-1, Math.min(this.table.rows.size - 1, this.active.place + rows));
    this.active.column = Math.max(0, Math.min(this.columns.length - 1, this.active.column + columns));
    this.#showActive();
  }

  moveTo(place, column = this.active.column) {
    this.active = { place: 0, column: 0 };
    this.move(place, column);
  }

  get activeColumn() { return this.columns[this.active.column]; }

  cellAt(place, column) { return $(`[data-place="${place}"] ${this.#selectorOf(column)}`, this.element); }

  /** The cells of a column, with its head. */
  cellsOf(column) { return $$(`.grid-cell${this.#selectorOf(column)}`, this.element); }

  /** The column of a cell. */
  columnOf(cell) { return this.columns[Number(cell.dataset.column)]; }

  #selectorOf(column) { return `[data-column="${this.places.get(column)?.number}"]`; }

  #showActive() {
    const { place } = this.active;
    const column = this.activeColumn;
    if (place >= 0) {
      const top = place * this.rowHeight;
      const seen = this.element.clientHeight - this.head.offsetHeight;
      if (top < this.element.scrollTop) this.element.scrollTop = top;
      else if (top + this.rowHeight > this.element.scrollTop + seen) this.element.scrollTop = top + this.rowHeight - seen;
    }
    if (column && !column.pinned) {
      const { left, width } = this.places.get(column);
      const start = this.element.scrollLeft + this.#layout.pinnedWidth;
      if (left < start) this.element.scrollLeft = left - this.#layout.pinnedWidth;
      else if (left + width > this.element.scrollLeft + this.element.clientWidth) this.element.scrollLeft = left + width - this.element.clientWidth;
    }
    this.#draw();
  }

  #drawHead() {
    const { table } = this;
    const cells = this.columns.map((column, place) => {
      const sort = table.sortOf(column);
      const cell = h(
        "div",
        {
          class: ["grid-cell", isNumeric(column) && "number", column.pinned && "pinned"].filter(Boolean).join(" "), role: "columnheader", draggable: "true",
          "aria-colindex": String(place + 2), "aria-sort": sort ? (sort.isDescending ? "descending" : "ascending") : column.order ? "none" : null,
          dataset: { word: column.word, column: String(place) }, title: headTitleOf(column),
        },
        h("button", { type: "button", tabindex: "-1", class: "head-label", "aria-disabled": column.order ? null : "true", onclick: (event) => table.sort(column, event.shiftKey) },
          h("span", { class: "clip" }, column.label),
          column.choice !== "last" ? h("span", { class: "quiet small" }, column.choice) : null,
          sort ? h("span", { "aria-hidden": "true" }, sort.isDescending ? "↓" : "↑", isByLast(column) ? " last" : null) : null),
        h("button", { type: "button", tabindex: "-1", class: "head-menu", "aria-label": `Column ${column.label}`, "aria-haspopup": "menu", onclick: (event) => table.columnMenu(column, event.currentTarget) }, "⋮"),
        h("span", { class: "resizer", "aria-hidden": "true", onpointerdown: (event) => this.#resize(event, column), ondblclick: () => table.fit(column) }),
      );
      this.#place(cell, column);
      this.#makeMovable(cell, column);
      return cell;
    });
    this.head.replaceChildren(h("div", { class: "grid-cell select pinned", role: "columnheader", "aria-colindex": "1", style: { left: "0px" } }, this.all), ...cells);
    this.markAll();
    this.head.style.width = `${this.#layout.total}px`;
  }

  /** Shows in the head whether something is selected, or all that is loaded. */
  markAll() {
    const { isOfLoaded, runs } = this.table.selection;
    this.all.checked = isOfLoaded;
    this.all.indeterminate = !isOfLoaded && runs.size > 0;
  }

  #place(cell, column) {
    cell.style.width = `${column.width}px`;
    if (isNumeric(column)) cell.style.setProperty("--fraction", `var(--fraction-${this.places.get(column).number}, 0)`);
    if (column.pinned) cell.style.left = `${this.places.get(column).left}px`;
  }

  #resize(event, column) {
    event.preventDefault();
    event.stopPropagation();
    const start = event.clientX;
    const width = column.width;
    const move = (moved) => this.table.resize(column, width + moved.clientX - start);
    // The head is drawn anew while it moves, so the window hears of it.
    const end = () => { removeEventListener("pointermove", move); this.table.columnsChanged(); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  }

  #makeMovable(cell, column) {
    cell.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/x-column", cell.dataset.column);
      event.dataTransfer.effectAllowed = "move";
    });
    cell.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("text/x-column")) return;
      event.preventDefault();
      cell.classList.add("drop");
    });
    cell.addEventListener("dragleave", () => cell.classList.remove("drop"));
    cell.addEventListener("drop", (event) => {
      event.preventDefault();
      cell.classList.remove("drop");
      this.table.moveColumn(this.columns[Number(event.dataTransfer.getData("text/x-column"))], column);
    });
  }

  #draw() {
    const { table } = this;
    const height = this.rowHeight;
    this.body.style.height = `${this.#height}px`;
    this.body.style.width = `${this.#layout.total}px`;
    this.element.setAttribute("aria-rowcount", String(table.rows.size + 1));
    const [first, end] = this.seen();
    const from = Math.max(0, first - ROWS_AROUND);
    const to = Math.min(table.rows.size, end + ROWS_AROUND);
    this.#chooseColumns();
    table.rows.want(first, end);
    for (const [place, element] of this.#elements) {
      if (place >= from && place < to) continue;
      element.remove();
      this.#elements.delete(place);
    }
    for (let place = from; place < to; place++) {
      let element = this.#elements.get(place);
      if (!element) {
        element = h("div", { class: "grid-row", role: "row", dataset: { place: String(place) }, "aria-rowindex": String(place + 2) });
        element.style.transform = `translateY(${place * height}px)`;
        element.style.width = `${this.#layout.total}px`;
        this.#elements.set(place, element);
        this.body.append(element);
      }
      this.#drawRow(element, place);
    }
    this.#alignNumbers();
    this.#markActive();
    table.drawn(first, end);
  }

  /** Gives the fractions of a column one width, that of the longest. */
  #alignNumbers() {
    for (const [column, { number }] of this.places) if (isNumeric(column)) this.element.style.setProperty(`--fraction-${number}`, column.fraction);
  }

  #chooseColumns() {
    const { free, pinnedWidth } = this.#layout;
    const start = this.element.scrollLeft + pinnedWidth;
    const end = this.element.scrollLeft + this.element.clientWidth;
    const isSeen = (column, around) => {
      const { left, width } = this.places.get(column);
      return left + width > start - around && left < end + around;
    };
    const [low, high] = this.#window;
    const needed = free.findIndex((column) => isSeen(column, 0));
    const last = free.findLastIndex((column) => isSeen(column, 0)) + 1;
    if (needed >= low && last <= high && high > low) return;
    const from = free.findIndex((column) => isSeen(column, PIXELS_AROUND));
    this.#window = from < 0 ? [0, 0] : [from, free.findLastIndex((column) => isSeen(column, PIXELS_AROUND)) + 1];
    for (const element of this.#elements.values()) element.shown = null;
  }

  #drawRow(element, place) {
    const { table } = this;
    const at = table.rows.at(place);
    const { row } = at;
    const mark = row ? `${row.version ?? 0} ${at.isOpen} ${at.depth} ${table.childrenOf(row)}` : "";
    const isSelected = !!row && table.selected.has(row.id);
    element.classList.toggle("selected", isSelected);
    element.setAttribute("aria-selected", String(isSelected));
    const box = element.firstChild?.firstChild;
    if (element.shown === row && row !== null && element.mark === mark) {
      if (box?.type === "checkbox") box.checked = isSelected;
      return;
    }
    element.shown = row;
    element.mark = mark;
    element.classList.toggle("waiting", !row);
    element.classList.toggle("group", !!row?.isGroup);
    element.style.width = `${this.#layout.total}px`;
    element.style.transform = `translateY(${place * this.rowHeight}px)`;
    if (!row) {
      element.replaceChildren(h("div", { class: "grid-cell select pinned", role: "gridcell", style: { left: "0px" } }));
      return;
    }
    if (row.isGroup) return this.#drawGroup(element, at, place);
    const check = h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Select ${nameOf(row.name, row.id)}`, onclick: (event) => { event.stopPropagation(); table.selection.turn(place, { isRange: event.shiftKey }); } });
    check.checked = isSelected;
    const view = { isTree: table.state.group === "parent", hasChildren: table.childrenOf(row) > 0, isOpen: at.isOpen, depth: at.depth, toggle: () => table.toggle(place), history: (...words) => table.history(...words) };
    const { pinned, free } = this.#layout;
    const [low, high] = this.#window;
    const cell = (column, index) => {
      const drawn = h("div", { class: `grid-cell${isNumeric(column) ? " number" : ""}${column.pinned ? " pinned" : ""}`, role: "gridcell", "aria-colindex": String(index + 2), dataset: { word: column.word, column: String(index) }, title: titleOf(column, row, view) }, ...contentOf(column, row, view).map((part) => (typeof part === "string" ? h("span", { class: "clip" }, part) : part)));
      this.#place(drawn, column);
      return drawn;
    };
    element.replaceChildren(
      h("div", { class: "grid-cell select pinned", role: "gridcell", "aria-colindex": "1", style: { left: "0px" } }, check),
      ...pinned.map((column, index) => cell(column, index)),
      ...this.#spacer(),
      ...free.slice(low, high).map((column, index) => cell(column, pinned.length + low + index)),
    );
  }

  /** The head of a group: its value over the pinned columns, and what each metric is in it below the head of the metric. */
  #drawGroup(element, { row, isOpen }, place) {
    const { pinned, free, pinnedWidth } = this.#layout;
    const width = Math.max(pinnedWidth, GROUP_WIDTH);
    const head = h(
      "div",
      {
        class: "grid-cell group-head pinned", role: "gridcell", "aria-colindex": "1", "aria-colspan": String(pinned.length + 1), "aria-expanded": String(isOpen),
        title: `${row.label}: ${row.value ?? "none"}`, style: { left: "0px", width: `${width}px`, marginRight: `${pinnedWidth - width}px` }, onclick: () => this.table.toggle(place),
      },
      h("span", { class: "expander", "aria-hidden": "true" }, isOpen ? "▾" : "▸"),
      h("span", { class: "quiet clip group-label" }, row.label),
      h("b", { class: "clip" }, row.value ?? "none"),
      h("span", { class: "badge" }, `${row.count} ${row.count === 1 ? "run" : "runs"}`),
    );
    const [low, high] = this.#window;
    const cells = free.slice(low, high).map((column, index) => {
      const summary = row.summaries.get(column.word);
      const cell = h(
        "div",
        {
          class: `grid-cell${isNumeric(column) ? " number" : ""}`, role: "gridcell", "aria-colindex": String(pinned.length + low + index + 2), dataset: { word: column.word, column: String(pinned.length + low + index) },
          title: summary ? `Mean of the last values of ${summary.count} ${summary.count === 1 ? "run" : "runs"}, from ${numberOf(summary.least)} to ${numberOf(summary.greatest)}` : null,
        },
        ...(summary ? summaryOf(column, summary, this.table.state.density === "roomy") : []),
      );
      this.#place(cell, column);
      return cell;
    });
    element.replaceChildren(head, ...this.#spacer(), ...cells);
  }

  /** What stands for the free columns before those that are drawn. */
  #spacer() {
    const [low] = this.#window;
    const { free, pinnedWidth } = this.#layout;
    return low > 0 ? [h("div", { class: "spacer", "aria-hidden": "true", style: { width: `${this.places.get(free[low]).left - pinnedWidth}px` } })] : [];
  }

  #markActive() {
    $("#active-cell", this.element)?.removeAttribute("id");
    const column = this.activeColumn;
    if (!column) return;
    const cell = this.active.place < 0
      ? $(this.#selectorOf(column), this.head)
      : this.cellAt(this.active.place, column) ?? $(`[data-place="${this.active.place}"] .group-head`, this.element);
    if (!cell) return this.element.removeAttribute("aria-activedescendant");
    cell.id = "active-cell";
    this.element.setAttribute("aria-activedescendant", "active-cell");
  }
}
