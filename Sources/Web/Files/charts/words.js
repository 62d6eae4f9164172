// A chart in words and in a table, for who does not see it.
import { h } from "../core/dom.js";
import { numberOf } from "../core/format.js";
import { valueAt } from "./maths.js";
import { textOf } from "./ticks.js";

const ROWS_MOST = 60;
const TOLD_MOST = 5;

/** What a chart shows, in a few sentences. */
export function summaryOf(scene) {
  const { lines, x, key } = scene;
  const filled = lines.filter((line) => line.xs.length > 0);
  if (filled.length === 0) return `${key}: no points.`;
  const told = filled.slice(0, TOLD_MOST).map((line) => {
    const numbers = [...line.ys].filter(Number.isFinite);
    if (numbers.length === 0) return `${line.name} has no numbers`;
    const odd = line.odd.length > 0 ? `, ${line.odd.length} points are no numbers` : "";
    return `${line.name} from ${numberOf(numbers[0])} to ${numberOf(numbers.at(-1))}, lowest ${numberOf(Math.min(...numbers))}, highest ${numberOf(Math.max(...numbers))}${odd}`;
  });
  const rest = filled.length > TOLD_MOST ? `; and ${filled.length - TOLD_MOST} more` : "";
  return `${key} by ${x.label.toLowerCase()} from ${textOf(x.min, x.kind)} to ${textOf(x.max, x.kind)}: ${told.join("; ")}${rest}.`;
}

/** The values of the lines as a table of at most so many rows. */
export function tableOf(scene) {
  const { x, lines } = scene;
  const within = [...new Set(lines.flatMap((line) => [...line.xs]))].filter((at) => at >= x.min && at <= x.max).sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(within.length / ROWS_MOST));
  const rows = within.filter((_, place) => place % every === 0 || place === within.length - 1);
  return h("div", { class: "scroll chart-values", tabindex: 0, role: "region", "aria-label": `Values of ${scene.key}` },
    h("table", { class: "list" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, x.label), lines.map((line) => h("th", { scope: "col", class: "number" }, line.name)))),
      h("tbody", {}, rows.map((at) => h("tr", {},
        h("th", { scope: "row", class: "number" }, textOf(at, x.kind)),
        lines.map((line) => h("td", { class: "number" }, Number.isNaN(valueAt(line.xs, line.ys, at)) ? "" : numberOf(valueAt(line.xs, line.ys, at)))),
      ))),
    ));
}
