// A table as CSV, Markdown or LaTeX, for papers and sheets.
import { csvOf } from "../charts/download.js";
import { attempt, mlflow } from "../core/api.js";
import { $, $$, h } from "../core/dom.js";
import { toast } from "../core/toast.js";

const RUNS_AT_ONCE = 50;
const FORMS = { CSV: csvOf, Markdown: markdownOf, LaTeX: latexOf };

/** Puts a button for each form into `place`. */
export function mountCopies(place, table) {
  place.hidden = false;
  place.append(h("span", { class: "quiet small" }, "Copy as"), ...Object.entries(FORMS).map(([name, make]) => h("button", {
    type: "button", class: "button small",
    onclick: () => attempt(async () => {
      const text = cellsOf(table).then(make);
      // A click may write for a moment only: the browser is told at once of what comes later.
      const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
      await Promise.all([text, navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])]);
      toast(`Copied as ${name}`);
    }),
  }, name)));
}

/** The rows of a table with their whole values; rows that are only headings of groups are left out. */
async function cellsOf(table) {
  const whole = await wholeValues(table);
  const textOf = (cell) => whole.get(cell) ?? cell.dataset.value ?? ($(".compare-value", cell) ?? cell).textContent;
  return [...table.rows].filter((row) => !row.classList.contains("compare-section")).map((row) => [...row.cells].map(textOf));
}

/** Asks the server for what the cells of a table show only the beginning of; by cell. */
async function wholeValues(table) {
  const headings = [...table.tHead.rows[0].cells];
  const cut = Map.groupBy($$("[data-cut]", table), (cell) => headings[cell.cellIndex].dataset.run);
  const experiments = new Map(headings.map(({ dataset }) => [dataset.run, dataset.experiment]));
  const ids = [...cut.keys()];
  const whole = new Map();
  for (let place = 0; place < ids.length; place += RUNS_AT_ONCE) {
    const some = ids.slice(place, place + RUNS_AT_ONCE);
    const { runs = [] } = await mlflow("POST", "runs/search", {
      experiment_ids: [...new Set(some.map((id) => experiments.get(id)))],
      filter: `attributes.run_id IN (${some.map((id) => `'${id}'`).join(", ")})`,
      run_view_type: "ALL",
      max_results: RUNS_AT_ONCE,
    });
    const found = new Map(runs.map(({ info, data }) => [info.run_id, data]));
    for (const id of some) for (const cell of cut.get(id)) whole.set(cell, valueOf(cell.parentElement.dataset, found.get(id)));
  }
  return whole;
}

function valueOf({ param, tag }, { params = [], tags = [] } = {}) {
  const found = param === undefined ? tags.find(({ key }) => key === tag) : params.find(({ key }) => key === param);
  if (!found) throw new Error("Some of this is not on the server any more: load the page again.");
  return found.value;
}

export function markdownOf(rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("\\", "\\\\").replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
  const [head, ...rest] = rows;
  return [line(head), `|${head.map((_, place) => (place === 0 ? " --- " : " ---: ")).join("|")}|`, ...rest.map(line), ""].join("\n");
}

export function latexOf(rows) {
  const marks = { "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const line = (cells) => `  ${cells.map((cell) => String(cell).replace(/[\\&%$#_{}~^]/g, (mark) => marks[mark]).replace(/\s*\n\s*/g, " ")).join(" & ")} \\\\`;
  const [head, ...rest] = rows;
  return [`\\begin{tabular}{l${"r".repeat(head.length - 1)}}`, "  \\hline", line(head), "  \\hline", ...rest.map(line), "  \\hline", "\\end{tabular}", ""].join("\n");
}
