// The least, the greatest and the course of metrics, read only for rows that are seen.
import { ask } from "../core/api.js";
import { choiceOf } from "./columns.js";

const MOST_RUNS = 30;
const MOST_METRICS = 12;

export class Histories {
  #known = new Map();
  #isReading = false;

  constructor(address, told) {
    this.address = address;
    this.told = told;
  }

  /** What is known: undefined before it was read, null where there is no history. */
  get(row, column) { return this.#known.get(`${row.id} ${column.key}`); }

  /** What a run has logged anew is read again. */
  forget(id) { for (const key of [...this.#known.keys()]) if (key.startsWith(`${id} `)) this.#known.delete(key); }

  async want(rows, columns) {
    const wanted = columns.filter((column) => column.kind === "metric" && (choiceOf(column) !== "last" || column.spark));
    if (wanted.length === 0 || this.#isReading) return;
    const keys = [...new Set(wanted.map((column) => column.key))].slice(0, MOST_METRICS);
    const missing = rows.filter((row) => keys.some((key) => !this.#known.has(`${row.id} ${key}`))).slice(0, MOST_RUNS);
    if (missing.length === 0) return;
    this.#isReading = true;
    const words = new URLSearchParams();
    for (const row of missing) words.append("run", row.id);
    for (const key of keys) words.append("metric", key);
    try {
      const { histories } = await ask("GET", `${this.address}/histories.json?${words}`);
      for (const row of missing) for (const key of keys) this.#known.set(`${row.id} ${key}`, null);
      for (const [id, key, min, max, points, isExact] of histories) this.#known.set(`${id} ${key}`, { min, max, points: points.map(Number), isExact });
      this.told();
    } catch { /* The cells stay as they are; the next scroll asks again. */ } finally { this.#isReading = false; }
  }
}
