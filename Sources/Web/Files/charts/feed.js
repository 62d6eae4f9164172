// The curves of one chart: first what is quick, then how far they reach; finer ones for what is zoomed to; new points as they come.
import { settle } from "../core/dom.js";
import { extended, loadCurves } from "./curves.js";
import { placeOf } from "./maths.js";

const POINTS_IN_ALL = 60_000;

export class Feed {
  /** `changed()` is called when there is more to draw, `failed(message)` when something could not be read. */
  constructor({ runs, metrics, isSmall, changed, failed }) {
    Object.assign(this, { runs: runs.map((run) => run.id), metrics, changed, failed });
    this.curves = new Map();
    this.finer = null;
    /** The time of the first point of each run. */
    this.starts = new Map();
    this.questions = { whole: 0, part: 0 };
    this.following = new Set();
    this.points = Math.max(60, Math.min(isSmall ? 180 : 500, Math.floor(POINTS_IN_ALL / Math.max(1, runs.length * metrics.length))));
  }

  lineID(run, key) { return this.metrics.length > 1 ? `${run} ${key}` : run; }

  /** What is there to be drawn. */
  shown() { return [...this.curves].map(([id, curve]) => this.finer?.get(id) ?? curve); }

  load() {
    return this.ask("whole", {}, (found) => {
      this.keep(this.curves, found);
      for (const curve of found) if (curve.time.length > 0) this.starts.set(curve.run, Math.min(curve.time[0], this.starts.get(curve.run) ?? Infinity));
    });
  }

  /** Asks for what lies between two places of an axis, where some was left out. */
  zoom(range, axis) {
    this.finer = null;
    this.questions.part++;
    if (range) this.askFiner(range, axis);
  }

  askFiner = settle((range, axis) => {
    const steps = this.stepsWithin(range, axis);
    if (!steps) return;
    this.ask("part", { from: steps[0], to: steps[1] }, (found) => {
      this.finer = new Map();
      this.keep(this.finer, found);
    });
  }, 20);

  /** Asks twice: without ranges, which is quick, and with them where points were left out. */
  async ask(what, steps, take) {
    const question = ++this.questions[what];
    try {
      for (const ranges of [false, true]) {
        const found = await loadCurves({ runs: this.runs, keys: this.metrics, points: this.points, ranges, ...steps });
        if (question !== this.questions[what]) return;
        take(found);
        this.changed();
        if (!found.some((curve) => curve.thinned)) return;
      }
    } catch (error) {
      this.failed(error.message);
    }
  }

  keep(map, found) { for (const curve of found) map.set(this.lineID(curve.run, curve.key), curve); }

  /** The steps of a part of an axis, with a point on either side; null where all their points are there. */
  stepsWithin(range, axis) {
    if (![...this.curves.values()].some((curve) => curve.thinned)) return null;
    let [from, to] = [Infinity, -Infinity];
    for (const curve of this.curves.values()) {
      if (curve.step.length === 0) continue;
      const start = axis === "relative" ? this.starts.get(curve.run) : 0;
      const xs = axis === "step" ? curve.step : curve.time.map((time) => time - start);
      from = Math.min(from, curve.step[Math.max(0, placeOf(xs, range[0]) - 1)]);
      to = Math.max(to, curve.step[Math.min(xs.length - 1, placeOf(xs, range[1]))]);
    }
    return from <= to ? [from, to] : null;
  }

  /** Takes what is told of a run while it goes on, see core/live.js. */
  noteRun({ run_id: run, metrics }) {
    if (!this.runs.includes(run)) return;
    for (const { key, step, timestamp } of metrics) {
      if (!this.metrics.includes(key)) continue;
      const curve = this.curves.get(this.lineID(run, key));
      const last = (curve?.step.length ?? 0) - 1;
      if (last < 0 || curve.step[last] !== step || curve.time[last] !== timestamp) this.follow(run, key);
    }
  }

  /** Reads what came behind the last point; all anew once that has become much. */
  async follow(run, key) {
    const id = this.lineID(run, key);
    if (this.following.has(id)) return;
    this.following.add(id);
    try {
      const curve = this.curves.get(id);
      const length = curve?.step.length ?? 0;
      const from = length > 0 && length < this.points * 3 ? curve.step[length - 1] : null;
      const [newer] = await loadCurves({ runs: [run], keys: [key], from, points: this.points });
      this.curves.set(id, from === null ? newer : extended(curve, newer));
      if (!this.starts.has(run) && newer.time.length > 0) this.starts.set(run, newer.time[0]);
      this.changed();
    } catch (error) {
      this.failed(error.message);
    } finally {
      this.following.delete(id);
    }
  }
}
