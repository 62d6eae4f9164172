// What a click on a cell or on the head of a column offers.
import { nameOf, numberOf } from "../core/format.js";
import { toast } from "../core/toast.js";
import { addressOf, shownOf, textOf, valueOf } from "./cells.js";
import { CHOICES, columnOf, isByLast, wordsOfChoice } from "./columns.js";
import { conditionOf } from "./filters.js";
import { openMenu } from "../core/popup.js";

const short = (text) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);

export function cellMenu(table, row, place, column, anchor, at) {
  const value = valueOf(column, row);
  const text = textOf(column, row);
  const filter = (label, condition, hint) => ({ label, hint, act: () => table.addFilter(condition) });
  const items = [{ label: "Open the run", hint: "Enter", act: () => { location.href = addressOf(row); } }];
  if (column.field && value !== null) {
    items.push(null);
    if (column.kind === "metric" || column.key === "created") {
      const number = Number(value);
      if (Number.isFinite(number)) {
        const shown = column.kind === "metric" ? numberOf(number) : text;
        // Runs are found by the last values of their metrics, whatever the cell shows.
        const compared = (words) => (isByLast(column) ? `Last value ${words.toLowerCase()} ${shown}` : `${words} ${shown}`);
        items.push(filter(compared("At least"), `${column.field} >= ${number}`), filter(compared("At most"), `${column.field} <= ${number}`));
        if (column.kind === "metric") items.push(filter(compared("Just"), `${column.field} = ${number}`));
      }
    } else {
      items.push(
        filter(`Only ${short(text)}`, conditionOf(column.field, value)),
        filter(`Without ${short(text)}`, conditionOf(column.field, value, { isAgainst: true })),
      );
      const like = /^[^\d\s_./-]+/.exec(text)?.[0] ?? text;
      items.push(filter(`Like ${short(like)}…`, `${column.field} LIKE '${like.replace(/['\\]/g, "_")}%'`));
    }
  }
  if (column.field && value === null && (column.kind === "param" || column.kind === "tag")) {
    items.push(null, filter("Only runs without it", `${column.field} IS NULL`), filter("Only runs with it", `${column.field} IS NOT NULL`));
  }
  items.push(null);
  const shown = column.kind === "metric" ? shownOf(column, row, (...words) => table.history(...words)) : value;
  if (shown !== null && shown !== undefined) items.push({ label: "Copy the value", act: () => copy(String(shown)) });
  items.push({ label: table.selected.has(row.id) ? "Do not select" : "Select", hint: "x", act: () => table.selection.turn(place) });
  openMenu(anchor, `${column.label} of ${nameOf(row.name, row.id)}`, items, { at, returnTo: table.grid.element });
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied");
}

/** Shows one thing more of a metric, behind what is shown of it. */
function addColumn(table, column, choice) {
  const columns = [...table.state.columns];
  columns.splice(columns.indexOf(column) + 1, 0, Object.assign(columnOf(column.word), { choice, pinned: column.pinned }));
  table.setColumns(columns);
}

export function columnMenu(table, column, anchor) {
  const set = (changes) => {
    Object.assign(column, changes);
    // What another column of the metric shows already moves here.
    table.state.columns = table.state.columns.filter((other) => other === column || other.word !== column.word || other.choice !== column.choice);
    table.columnsChanged();
  };
  const sorted = isByLast(column) ? ", by the last value" : "";
  const isSorted = table.state.order.length > 0;
  const items = [];
  if (column.order) {
    items.push(
      { label: `Sort ascending${sorted}`, act: () => table.sort(column, false, false) },
      { label: `Sort descending${sorted}`, act: () => table.sort(column, false, true) },
      isSorted && { label: "Then sort by this", hint: "Shift-click", act: () => table.sort(column, true) },
      null,
    );
  }
  if (column.kind === "metric") {
    for (const choice of CHOICES) items.push({ label: `Show ${wordsOfChoice(choice)}`, isChecked: column.choice === choice, act: () => set({ choice }) });
    items.push({ label: "Show its course", isChecked: column.spark, act: () => set({ spark: !column.spark, width: column.spark ? column.width : Math.max(column.width, 150) }) });
    const left = CHOICES.find((choice) => !table.state.columns.some((other) => other.word === column.word && other.choice === choice));
    items.push(left && { label: `Another column, of ${wordsOfChoice(left)}`, act: () => addColumn(table, column, left) }, null);
  }
  if (column.kind === "param" || column.kind === "tag") items.push({ label: "Group by it", act: () => table.change({ group: `${column.kind[0]}.${column.key}` }) });
  items.push(
    { label: column.pinned ? "Unpin" : "Pin to the left", act: () => set({ pinned: !column.pinned }) },
    { label: "Move left", act: () => table.shiftColumn(column, -1) },
    { label: "Move right", act: () => table.shiftColumn(column, 1) },
    { label: "Wider", hint: "Alt →", act: () => { table.resize(column, column.width + 24); table.columnsChanged(); } },
    { label: "Narrower", hint: "Alt ←", act: () => { table.resize(column, column.width - 24); table.columnsChanged(); } },
    { label: "As wide as its content", act: () => table.fit(column) },
    null,
    table.state.columns.length > 1 && { label: "Hide", act: () => table.setColumns(table.state.columns.filter((other) => other !== column)) },
  );
  openMenu(anchor, `Column ${column.label}`, items, { returnTo: table.grid.element });
}
