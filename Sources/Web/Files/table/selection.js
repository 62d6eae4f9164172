// Which runs are selected: one, a range from the last one, or all that are loaded.
const MOST_KEPT = 2_000;

export class Selection {
  /** The rows by the ids of their runs. */
  runs = new Map();
  #anchor = null;

  constructor(table) { this.table = table; }

  /** Turns the run at a place; as a range, selects all from the last one to it. */
  turn(place, { isRange = false } = {}) {
    const { row } = this.table.rows.at(place);
    if (!row || row.isGroup) return;
    const isOn = isRange ? true : !this.runs.has(row.id);
    const [from, to] = isRange && this.#anchor !== null ? [Math.min(this.#anchor, place), Math.max(this.#anchor, place)] : [place, place];
    for (let each = from; each <= to; each++) this.#set(this.table.rows.at(each).row, isOn);
    this.#anchor = place;
    this.table.grid.active.place = place;
    this.#show();
  }

  turnLoaded(isOn) {
    for (const row of [...this.table.rows.loaded()]) this.#set(row, isOn);
    this.#show();
  }

  clear() {
    this.runs.clear();
    this.#anchor = null;
    this.#show();
  }

  /** What is kept of the selection for who comes back. */
  get kept() { return this.runs.size > MOST_KEPT ? [] : [...this.runs.values()].map(({ id, stage }) => ({ id, stage })); }

  restore(rows) {
    this.runs.clear();
    for (const row of rows) this.runs.set(row.id, row);
    this.#show();
  }

  #set(row, isOn) {
    if (!row || row.isGroup) return;
    if (isOn) this.runs.set(row.id, row);
    else this.runs.delete(row.id);
  }

  #show() {
    this.table.bar?.bulk.show();
    this.table.grid.render();
    this.table.keepPlaceSoon();
  }
}
