// A table as CSV, Markdown or LaTeX, for papers and sheets.
import { csvOf } from "../charts/download.js";
import { h } from "../core/dom.js";
import { attempt } from "../core/api.js";
import { toast } from "../core/toast.js";

const FORMS = { CSV: csvOf, Markdown: markdownOf, LaTeX: latexOf };

/** Puts a button for each form into `place`. */
export function mountCopies(place, table) {
  place.hidden = false;
  place.append(h("span", { class: "quiet small" }, "Copy as"), ...Object.entries(FORMS).map(([name, make]) => h("button", {
    type: "button", class: "button small",
    onclick: () => attempt(async () => {
      await navigator.clipboard.writeText(make(cellsOf(table)));
      toast(`Copied as ${name}`);
    }),
  }, name)));
}

/** The rows of a table with their whole values; rows that are only headings of groups are left out. */
export function cellsOf(table) {
  return [...table.rows].filter((row) => !row.classList.contains("compare-section")).map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent.trim()));
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
