// Groups of runs by a param or a tag, and the tree of nested runs.
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
    filter: value === null ? `${column.field} IS NULL` : conditionOf(column.field, value),
  }));
  const branch = new Branch(new ListSource(rows));
  rows.slice(0, OPEN_AT_FIRST).forEach((row, index) => { if (rows.length <= OPEN_AT_FIRST) openGroup(table, branch, index, row); });
  return branch;
}

/** Opens what is below a row: the runs of a group, or the runs nested in a run. */
export function openGroup(table, branch, index, row) {
  const filter = both(table.state.filter, row.isGroup ? row.filter : conditionOf(PARENT, row.id));
  const source = table.source(filter);
  branch.open(index, new Branch(source, branch.depth + 1));
}
