// Groups of runs by a param or a tag, and the tree of nested runs.
import { ask, attempt } from "../core/api.js";
import { toast } from "../core/toast.js";
import { columnOf } from "./columns.js";
import { both, conditionOf } from "./filters.js";
import { ListSource } from "./source.js";
import { Branch } from "./tree.js";

const PARENT = "tags.`mlflow.parentRunId`";
const MOST_GROUPS = 200;
const MOST_PARENTS = 500;
const OPEN_AT_FIRST = 10;

export const rootsFilter = (filter) => both(filter, `${PARENT} IS NULL`);

/** How many nested runs each parent has, as far as parents have many. */
export async function parentsOf(table) {
  const counted = await table.values(PARENT, both(table.state.filter, `${PARENT} IS NOT NULL`), MOST_PARENTS);
  return new Map(counted.filter(([id]) => id !== null));
}

export async function groupRows(table) {
  const column = columnOf(table.state.group.replace(/[%,:]/g, encodeURIComponent));
  if (!column?.field) return new Branch(table.source(table.state.filter));
  const counted = await table.values(column.field, table.state.filter, MOST_GROUPS);
  const rows = counted.map(([value, count]) => ({
    isGroup: true, id: `group ${value}`, label: column.label, value, count,
    filter: value === null ? `${column.field} IS NULL` : conditionOf(column.field, value), summaries: new Map(),
  }));
  if (rows.length === MOST_GROUPS) toast(`The ${MOST_GROUPS} largest groups are shown; there may be more`);
  summarize(table, column.field, rows);
  const branch = new Branch(new ListSource(rows));
  rows.slice(0, OPEN_AT_FIRST).forEach((row, index) => { if (rows.length <= OPEN_AT_FIRST) openGroup(table, branch, index, row); });
  return branch;
}

/** Reads what the shown metrics of each group are together; the heads stand before that. */
async function summarize(table, field, rows) {
  const metrics = table.state.columns.filter((column) => column.kind === "metric");
  if (metrics.length === 0 || rows.length === 0) return;
  const words = new URLSearchParams({ field, limit: MOST_GROUPS, columns: metrics.map((column) => column.word).join(",") });
  if (table.state.filter) words.set("filter", table.state.filter);
  if (table.state.view !== "active") words.set("view", table.state.view);
  await attempt(async () => {
    const { summaries } = await ask("GET", `${table.address}/summaries.json?${words}`);
    const groups = new Map(rows.map((row) => [row.value, row]));
    for (const [value, word, count, mean, least, greatest] of summaries) groups.get(value)?.summaries.set(word, { count, mean, least, greatest });
    table.rowsChanged(rows);
  });
}

/** Opens what is below a row: the runs of a group, or the runs nested in a run. */
export function openGroup(table, branch, index, row) {
  const filter = both(table.state.filter, row.isGroup ? row.filter : conditionOf(PARENT, row.id));
  const source = table.source(filter);
  branch.open(index, new Branch(source, branch.depth + 1));
}
