// New runs and new values, told by the server as they come.
import { ask, attempt } from "../core/api.js";
import { onOpen, watch } from "../core/live.js";
import { $, settle } from "../core/dom.js";
import { renew } from "../core/renew.js";
import { both } from "./filters.js";
import { rowsOf, RunSource } from "./source.js";

const MOST_WATCHED = 30;
const MOST_INSERTED = 200;
const PAUSE_MS = 1_500;
/** So often at most what stands above the table, and the rows, are asked for anew. */
const RENEWAL_MS = 3_000;

/** Does something at once, and again only after some time, however often it is wished for. */
function paced(act) {
  let isResting = false;
  let isWished = false;
  const go = () => {
    isWished = isResting;
    if (isResting) return;
    isResting = true;
    act();
    setTimeout(() => { isResting = false; if (isWished) go(); }, RENEWAL_MS);
  };
  return go;
}

export class Live {
  #begun = [];
  #known = new Set();
  #since;
  #watched = new Map();
  /** The keys of metrics that the usual columns were chosen among. */
  #keys = new Set();
  #wasAway = false;

  /** `since` is when the last run began that the page knows of. */
  constructor(table, since) {
    this.table = table;
    this.#since = since;
    watch("experiment", table.experiment, (told) => this.#happened(told));
    // A stream tells what begins from its first moment on; what began before it is asked for.
    const catchUpSoon = settle(() => this.#catchUp(), PAUSE_MS);
    onOpen((wasAway) => {
      this.#wasAway ||= wasAway;
      catchUpSoon();
    });
    document.addEventListener("renewed", () => table.headerChanged());
  }

  #renewHeader = paced(() => renew(".experiment-header"));

  /** Groups stay as they are, so that nothing closes that somebody has opened. */
  #renewRows = paced(() => { if (!this.table.state.group) this.table.load(); });

  #renewColumns = paced(() => this.table.renewColumns());

  #happened({ begun, updated = [], moved = [] }) {
    if (begun.length > 0) this.#note(begun);
    if (begun.length + updated.length + moved.length > 0) this.#renewHeader();
    if (moved.length > 0) {
      this.table.selection.drop(moved);
      this.#renewRows();
    } else if (updated.length > 0) this.#renewUpdated(new Set(updated));
  }

  /** Runs that ended or have another name; those that are watched have told it themselves. */
  async #renewUpdated(ids) {
    const rows = [...this.table.rows.loaded()].filter((row) => row && ids.has(row.id) && !this.#watched.has(row.id)).slice(0, MOST_INSERTED);
    if (rows.length === 0) return;
    const words = new URLSearchParams(rows.map((row) => ["run", row.id]));
    const answer = await ask("GET", `${this.table.address}/cells.json?${words}`).catch(() => null);
    const fresh = new Map((answer ? rowsOf(answer) : []).map((row) => [row.id, row]));
    for (const row of rows) {
      const { name, status, stage, end } = fresh.get(row.id) ?? row;
      Object.assign(row, { name, status, stage, end });
    }
    this.table.rowsChanged(rows);
  }

  async #catchUp() {
    // What happened to other runs while nobody listened was told to nobody.
    if (this.#wasAway) {
      this.#wasAway = false;
      this.#renewHeader();
      this.#renewRows();
    }
    const words = new URLSearchParams({ filter: `attributes.start_time > ${this.#since}`, limit: MOST_INSERTED });
    const answer = await ask("GET", `${this.table.address}/rows.json?${words}`).catch(() => null);
    if (!answer) return;
    const rows = rowsOf(answer);
    this.#since = Math.max(this.#since, ...rows.map((row) => row.start));
    this.#note(rows.map((row) => row.id));
  }

  #note(begun) {
    if (this.table.state.view === "deleted") return;
    this.#begun.push(...begun.filter((id) => !this.#known.has(id)));
    for (const id of begun) this.#known.add(id);
    const count = this.#begun.length;
    if (count > 0 && this.#mayMove()) this.insert();
    else this.#show();
  }

  #show() { this.table.bar.tellNew(this.#begun.length); }

  /** Whether new runs belong to the beginning, and nobody reads there or does something. */
  #mayMove() {
    const { state, grid, selected } = this.table;
    const { element } = grid;
    return state.order.length === 0 && !state.group && selected.size === 0 && element.scrollTop === 0 && !element.matches(":hover, :focus-within") && !$(".popup");
  }

  /** Puts the new runs before the others; where one has scrolled, what one reads stays in its place. */
  async insert() {
    const { table } = this;
    const ids = this.#begun;
    this.#begun = [];
    const isDone = await attempt(async () => {
      if (!(table.rows.source instanceof RunSource) || table.state.group || ids.length > MOST_INSERTED) table.load({ scroll: true });
      else {
        const list = ids.map((id) => `'${id}'`).join(", ");
        const words = new URLSearchParams({ filter: both(table.state.filter, `attributes.run_id IN (${list})`), columns: table.asked, limit: MOST_INSERTED });
        const answer = await ask("GET", `${table.address}/rows.json?${words}`);
        // What was read meanwhile may have them already.
        const there = new Set([...table.rows.loaded()].map((row) => row?.id));
        const rows = rowsOf(answer).filter((row) => !there.has(row.id));
        const isAtTop = table.grid.element.scrollTop === 0;
        table.rows.source.prepend(rows);
        table.rows.shift(rows.length);
        if (!isAtTop) table.grid.keepPlace(rows.length);
        table.grid.redraw();
        table.told(table.rows.source, null);
      }
      this.#renewColumns();
    });
    if (!isDone) this.#begun = [...ids, ...this.#begun];
    this.#show();
  }

  /** Watches those of the rows that run, so that their cells follow. */
  watchRows(rows) {
    const running = new Map(rows.filter((row) => row.status === "RUNNING").slice(0, MOST_WATCHED).map((row) => [row.id, row]));
    for (const [id, { end }] of this.#watched) if (!running.has(id)) { end(); this.#watched.delete(id); }
    for (const [id, row] of running) {
      const known = this.#watched.get(id);
      if (known) known.row = row;
      else {
        const one = { row, words: null };
        one.end = watch("run", id, (told) => this.#follow(one, told));
        this.#watched.set(id, one);
      }
    }
  }

  async #follow(one, told) {
    const { row } = one;
    row.name = told.name;
    row.status = told.status;
    if (told.end_time !== undefined) row.end = told.end_time;
    const values = new Map(told.metrics.map((metric) => [metric.key, metric.value]));
    for (const column of this.table.state.columns) if (column.kind === "metric" && values.has(column.key)) row.values[column.word] = values.get(column.key);
    this.table.histories.forget(row.id);
    const newKeys = told.metrics.filter(({ key }) => !this.#keys.has(key));
    for (const { key } of newKeys) this.#keys.add(key);
    if (newKeys.length > 0 && one.words !== null) this.#renewColumns();
    const words = `${told.params} ${told.tags}`;
    if (one.words !== null && one.words !== words) {
      this.#renewColumns();
      const answer = await ask("GET", `${this.table.address}/cells.json?${new URLSearchParams({ run: row.id, columns: this.table.asked })}`).catch(() => null);
      const fresh = answer && rowsOf(answer)[0];
      if (fresh) Object.assign(row.values, fresh.values);
    }
    one.words = words;
    this.table.rowsChanged([row]);
  }
}
