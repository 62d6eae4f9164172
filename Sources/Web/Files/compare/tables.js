// Two tables cell by cell: CSV, TSV, and what `log_table` writes.
import { h } from "../core/dom.js";

const ROWS_MOST = 300;

/** `{ columns, rows }` of texts; null for what is no table. */
export function parseTable(path, text) {
  if (/\.(csv|tsv)$/i.test(path)) {
    const [columns, ...rows] = parseCSV(text, /\.tsv$/i.test(path) ? "\t" : ",");
    return columns ? { columns, rows } : null;
  }
  if (!/\.json$/i.test(path)) return null;
  try {
    const { columns, data } = JSON.parse(text);
    if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
    return { columns: columns.map(String), rows: data.map((row) => row.map(cellText)) };
  } catch {
    return null;
  }
}

const cellText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** RFC 4180, and lines that end with a line feed alone. */
export function parseCSV(text, mark = ",") {
  const rows = [];
  let row = [];
  let cell = "";
  let isQuoted = false;
  const endCell = () => { row.push(cell); cell = ""; };
  const endRow = () => { endCell(); rows.push(row); row = []; };
  for (let place = 0; place < text.length; place++) {
    const letter = text[place];
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[place + 1] === '"') { cell += '"'; place++; }
      else isQuoted = false;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === mark) endCell();
    else if (letter === "\n") endRow();
    else if (letter !== "\r" || text[place + 1] !== "\n") cell += letter;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

/** Rows with what changed in each cell: `{ columns, rows: [[{ a, b, isChanged }]], changed }`. Columns are known by name, rows by place. */
export function comparedCells(one, other) {
  const columns = [...new Set([...one.columns, ...other.columns])];
  const places = columns.map((name) => [one.columns.indexOf(name), other.columns.indexOf(name)]);
  let changed = 0;
  const rows = Array.from({ length: Math.max(one.rows.length, other.rows.length) }, (_, index) => places.map(([inOne, inOther]) => {
    const a = inOne < 0 ? undefined : one.rows[index]?.[inOne];
    const b = inOther < 0 ? undefined : other.rows[index]?.[inOther];
    if (a !== b) changed++;
    return { a, b, isChanged: a !== b };
  }));
  return { columns, rows, changed };
}

/** The two tables as one, its changed cells marked. */
export function diffTables(one, other) {
  const { columns, rows, changed } = comparedCells(one, other);
  const body = h("tbody");
  const show = (isOnlyChanged) => {
    const shown = rows.map((cells, place) => ({ cells, place })).filter(({ cells }) => !isOnlyChanged || cells.some((cell) => cell.isChanged)).slice(0, ROWS_MOST);
    body.replaceChildren(...shown.map(({ cells, place }) => h("tr", {}, h("th", { scope: "row", class: "number quiet" }, String(place + 1)), cells.map(({ a, b, isChanged }) => h("td", { class: isChanged ? "changed" : null },
      isChanged ? [a !== undefined && h("del", {}, a), " ", b !== undefined && h("ins", {}, b)] : a ?? "")))));
  };
  show(false);
  return h("div", {},
    h("div", { class: "row" }, h("p", { class: "small" }, `${changed} cells of ${rows.length} rows differ`), h("label", { class: "chart-choice small" }, h("input", { type: "checkbox", onchange: (event) => show(event.target.checked) }), "Only rows that differ")),
    h("div", { class: "scroll compare-scroll", tabindex: 0, role: "region", "aria-label": "Cells of both tables" }, h("table", { class: "list cells" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Row"), columns.map((name) => h("th", { scope: "col" }, name)))), body)),
    rows.length > ROWS_MOST && h("p", { class: "quiet small" }, `At most ${ROWS_MOST} rows are shown.`));
}
