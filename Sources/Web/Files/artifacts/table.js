// A table that sorts by its columns and shows its rows as one scrolls.
import { h } from "../core/dom.js";
import { parseTable, separatorOf } from "./csv.js";
import { either } from "./either.js";

const MOST_ROWS = 5_000;
const ROWS_AT_ONCE = 200;
const MOST_COLUMNS = 200;

/** Makes a table of a file of rows, whose first row names the columns. */
export async function mountTableFile(view) {
  const response = await fetch(view.dataset.source);
  if (!response.ok) return;
  const text = await response.text();
  const { rows, isCut } = parseTable(text, separatorOf(text, view.dataset.separator), MOST_ROWS + 1);
  if (rows.length === 0) return;
  const columns = rows[0];
  either(view, "Table", tableOf({ columns, rows: rows.slice(1), isCut }));
}

/** An element with a table; `cell` makes the content of a cell of its value. */
export function tableOf({ columns, rows, isCut = false, cell = (value) => value }) {
  const shown = columns.slice(0, MOST_COLUMNS);
  const isNumber = shown.map((_, place) => rows.some((row) => filled(row[place])) && rows.every((row) => !filled(row[place]) || isNumeric(row[place])));
  let [sorted, order] = [null, 1];
  const body = h("tbody");
  const heads = shown.map((name, place) => h("th", { scope: "col", "aria-sort": "none", class: isNumber[place] ? "number" : null },
    h("button", { type: "button", class: "sorter", onclick: () => sort(place) }, String(name))));
  const end = h("div", { class: "table-end" });
  const scroller = h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", { class: "list dense" }, h("thead", {}, h("tr", {}, heads)), body), end);
  let ordered = rows;
  let count = 0;

  function more() {
    const next = ordered.slice(count, count + ROWS_AT_ONCE);
    count += next.length;
    body.append(...next.map((row) => h("tr", {}, shown.map((_, place) => h("td", { class: isNumber[place] ? "number" : null }, cell(row[place] ?? ""))))));
  }

  function sort(place) {
    order = sorted === place ? -order : 1;
    sorted = place;
    const value = isNumber[place] ? (row) => (filled(row[place]) ? Number(row[place]) : null) : (row) => String(row[place] ?? "");
    ordered = rows.map((row, index) => ({ row, index, value: value(row) }))
      .sort((a, b) => compare(a.value, b.value, order) || a.index - b.index)
      .map(({ row }) => row);
    heads.forEach((head, index) => head.setAttribute("aria-sort", index !== place ? "none" : order > 0 ? "ascending" : "descending"));
    body.replaceChildren();
    count = 0;
    more();
    scroller.scrollTop = 0;
  }

  more();
  new IntersectionObserver(([entry]) => { if (entry.isIntersecting && count < ordered.length) more(); }, { root: scroller, rootMargin: "400px" }).observe(end);
  const facts = [`${isCut ? `first ${MOST_ROWS.toLocaleString("en")}` : rows.length.toLocaleString("en")} rows`, `${columns.length} columns`];
  if (columns.length > MOST_COLUMNS) facts.push(`the first ${MOST_COLUMNS} are shown`);
  return h("div", { class: "table-view" }, h("p", { class: "quiet small" }, facts.join(" · ")), scroller);
}

const filled = (value) => value !== undefined && value !== null && value !== "";
const isNumeric = (value) => typeof value === "number" || (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)));

/** What is empty comes last in either order. */
function compare(a, b, order) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number") return order * (a - b);
  return order * a.localeCompare(b);
}
