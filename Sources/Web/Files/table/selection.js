// Which runs are selected: one, a range from the last one, all that are loaded, or all that are found.
import { attempt } from "../core/api.js";
import { RunSource } from "./source.js";

const MOST_KEPT = 2_000;
/** What is done with the selection is done with one run after the other. */
const MOST_SELECTED = 5_000;

export class Selection {
  /** The rows by the ids of their runs. */
  runs = new Map();
  #anchor = null;
  /** Whether all that are loaded were selected together. */
  isOfLoaded = false;

  constructor(table) { this.table = table; }

  /** Turns the run at a place; as a range, selects all from the last one to it. */
  turn(place, { isRange = false } = {}) {
    const { row } = this.table.rows.at(place);
    if (!row || row.isGroup) return;
    const isOn = isRange ? true : !this.runs.has(row.id);
    this.isOfLoaded &&= isOn;
    const [from, to] = isRange && this.#anchor !== null ? [Math.min(this.#anchor, place), Math.max(this.#anchor, place)] : [place, place];
    for (let each = from; each <= to; each++) this.#set(this.table.rows.at(each).row, isOn);
    this.#anchor = place;
    this.table.grid.active.place = place;
    this.#show();
  }

  turnLoaded(isOn) {
    for (const row of [...this.table.rows.loaded()]) this.#set(row, isOn);
    this.isOfLoaded = isOn;
    this.#show();
  }

  /** How many runs there are of which all that are loaded are selected, and how many of them may be; null where no more are found. */
  get more() {
    const { source } = this.table.rows;
    if (!this.isOfLoaded || !(source instanceof RunSource) || source.size <= this.runs.size || this.runs.size >= MOST_SELECTED) return null;
    return { count: source.size, isExact: source.isExact, most: Math.min(source.size, MOST_SELECTED) };
  }

  /** Selects what the table would show if all of it were read. */
  async turnAll() {
    const { source } = this.table.rows;
    await attempt(async () => {
      const rows = await source.first(MOST_SELECTED);
      if (source !== this.table.rows.source) return;
      for (const row of rows) if (!this.runs.has(row.id)) this.#set(row, true);
    });
    this.#show();
  }

  /** Runs that are no more where they were are not acted on. */
  drop(ids) {
    for (const id of ids) this.runs.delete(id);
    this.isOfLoaded = false;
    this.#show();
  }

  clear() {
    this.runs.clear();
    this.#anchor = null;
    this.isOfLoaded = false;
    this.#show();
  }

  /** What is kept of the selection for who comes back. */
  get kept() { return this.runs.size > MOST_KEPT ? [] : [...this.runs.values()].map(({ id, stage }) => ({ id, stage })); }

  restore(rows) {
    this.runs.clear();
    this.isOfLoaded = false;
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
    this.table.grid.markAll();
    this.table.grid.render();
    this.table.keepPlaceSoon();
  }
}
