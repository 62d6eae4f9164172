// Rows of runs from the server, in pages by keyset tokens: what was read stays, what is about to be seen is read ahead.
import { ask } from "../core/api.js";

export const PAGE = 100;
const MOST_PAGES = 80;
/** So many the server answers at once. */
const MOST_ROWS = 500;
const MOST_AT_ONCE = 3;
/** Pages that the server passes over as quickly as it reads one. */
const MOST_PASSED = 5;

/** Rows as objects: what every row has, and the values of the columns by their words. */
export function rowsOf({ columns, rows }) {
  const words = columns.slice(7);
  return rows.map(([id, name, status, stage, start, end, user, ...values]) => {
    const row = { id, name, status, stage, start, end, user, values: {} };
    words.forEach((word, place) => { row.values[word] = values[place]; });
    return row;
  });
}

/** The runs that a query finds; `told` is called whenever something has come. */
export class RunSource {
  #pages = new Map();
  #tokens = new Map([[0, ""]]);
  #running = new Map();
  #wanted = [];
  #front = [];
  #end = null;
  #count = null;
  #failed = false;
  #isCounting = false;

  /** `query` has filter, order, view and columns; `before` is shown until the first rows are there. */
  constructor(address, query, told, { first = null, before = null } = {}) {
    this.address = address;
    this.query = query;
    this.told = told;
    this.before = before;
    if (first) this.#take(0, first);
  }

  get isLoaded() { return this.#pages.size > 0 || this.#end !== null; }

  /** Exact once the end was read or the count has come; before that, what is known and a little more. */
  get size() {
    const behind = this.#end ?? this.#count ?? (this.isLoaded ? this.#reached() + PAGE / 2 : null);
    if (behind === null) return this.before ? this.before.size : 0;
    return behind + this.#front.length;
  }

  get isExact() { return this.#end !== null || this.#count !== null; }

  get hasFailed() { return this.#failed; }

  at(place) {
    if (place < this.#front.length) return this.#front[place];
    const behind = place - this.#front.length;
    return this.#pages.get(Math.floor(behind / PAGE))?.[behind % PAGE] ?? (this.isLoaded ? null : this.before?.at(place) ?? null);
  }

  /** Reads what is shown from `from` to `to`, and the pages around it. */
  want(from, to) {
    const first = Math.max(0, Math.floor((from - this.#front.length) / PAGE));
    const last = Math.max(0, Math.floor((to - this.#front.length) / PAGE));
    const pages = [];
    for (let page = first; page <= last; page++) pages.push(page);
    pages.push(last + 1, first - 1);
    const end = this.#end ?? this.#count ?? Infinity;
    const missing = pages.filter((page) => page >= 0 && (page === 0 || page * PAGE < end) && !this.#pages.has(page));
    // Of pages that are far from all that are known one is read; its token brings the others near.
    const far = missing.find((page) => page <= last && !this.#isNear(page));
    this.#wanted = missing.filter((page) => page === far || this.#isNear(page));
    for (const [page, control] of this.#running) if (!pages.includes(page) && page > 0) control.abort();
    this.#go();
  }

  async count() {
    if (this.isExact || this.#isCounting) return;
    this.#isCounting = true;
    const { count } = await ask("GET", `${this.address}/count.json?${this.#words({ order: [], columns: "" })}`);
    this.#count = count;
    this.told();
  }

  /** The first runs that the query finds, as many as `most`, with what every row has. */
  async first(most) {
    const rows = [];
    let after = "";
    do {
      const words = this.#words({ columns: "" });
      words.set("limit", String(Math.min(MOST_ROWS, most - rows.length)));
      if (after) words.set("after", after);
      const answer = await ask("GET", `${this.address}/rows.json?${words}`);
      rows.push(...rowsOf(answer));
      after = answer.next ?? "";
    } while (after && rows.length < most);
    return rows;
  }

  /** Rows that are put before all others. */
  prepend(rows) { this.#front = [...rows, ...this.#front]; }

  /** Every row that is loaded, to be changed in place. */
  * loaded() {
    yield* this.#front;
    for (const rows of this.#pages.values()) yield* rows;
  }

  stop() {
    this.#wanted = [];
    for (const control of this.#running.values()) control.abort();
  }

  #reached() { return Math.max(...[...this.#pages].map(([page, rows]) => page * PAGE + rows.length)); }

  #words(changes = {}) {
    const query = { ...this.query, ...changes };
    const words = new URLSearchParams();
    if (query.filter) words.set("filter", query.filter);
    if (query.view && query.view !== "active") words.set("view", query.view);
    for (const term of query.order) words.append("order", term);
    if (query.columns) words.set("columns", query.columns);
    return words;
  }

  #known(page) { return Math.max(...[...this.#tokens.keys()].filter((place) => place <= page)); }

  #isNear(page) { return page - this.#known(page) <= MOST_PASSED; }

  #go() {
    while (this.#running.size < MOST_AT_ONCE && this.#wanted.length > 0 && !this.#failed) {
      const page = this.#wanted.shift();
      if (!this.#running.has(page)) this.#read(page);
    }
  }

  async #read(page) {
    const control = new AbortController();
    this.#running.set(page, control);
    const known = this.#known(page);
    const words = this.#words();
    words.set("limit", String(PAGE));
    if (this.#tokens.get(known)) words.set("after", this.#tokens.get(known));
    if (page > known) words.set("skip", String((page - known) * PAGE));
    try {
      const answer = await ask("GET", `${this.address}/rows.json?${words}`, undefined, { signal: control.signal });
      this.#running.delete(page);
      this.#take(page, answer);
      this.told();
    } catch (error) {
      this.#running.delete(page);
      if (error.name !== "AbortError") {
        this.#failed = true;
        // What was asked wrongly stays wrong; a server that is away may come back.
        if (!(error.status < 500)) setTimeout(() => { this.#failed = false; }, 3_000);
        this.told(error);
      }
    }
    this.#go();
  }

  #take(page, answer) {
    const rows = rowsOf(answer);
    if (rows.length > 0 || page === 0) this.#pages.set(page, rows);
    if (answer.next) this.#tokens.set(page + 1, answer.next);
    else this.#end = Math.min(this.#end ?? Infinity, page * PAGE + rows.length);
    this.before = null;
    if (this.#pages.size <= MOST_PAGES) return;
    const farthest = [...this.#pages.keys()].sort((one, other) => Math.abs(other - page) - Math.abs(one - page))[0];
    if (farthest !== page) this.#pages.delete(farthest);
  }
}

/** Rows that are there already, such as the heads of groups. */
export class ListSource {
  constructor(rows) { this.rows = rows; }
  get size() { return this.rows.length; }
  get isExact() { return true; }
  get isLoaded() { return true; }
  at(place) { return this.rows[place] ?? null; }
  want() {}
  async count() {}
  * loaded() { yield* this.rows; }
  stop() {}
}
