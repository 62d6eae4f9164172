// Histories of metrics, thinned by the server to what a chart can show. Questions of one moment that differ only in the metric go as one.
import { ask } from "../core/api.js";
import { base } from "../core/place.js";

const CURVES_AT_ONCE = 900;
const RUNS_AT_ONCE = 100;
const waiting = new Map();

/** The curves of some runs and metrics: columns `step`, `time` (epoch ms), `value` and, where they were asked for, `low` and `high`. */
export async function loadCurves({ runs, keys, from = null, to = null, points = 500, ranges = false }) {
  const parts = [];
  for (let start = 0; start < runs.length; start += RUNS_AT_ONCE) {
    const some = runs.slice(start, start + RUNS_AT_ONCE);
    for (const key of keys) parts.push(enqueue(some, key, { from, to, points, ranges }));
  }
  return (await Promise.all(parts)).flat();
}

function enqueue(runs, key, options) {
  const words = new URLSearchParams();
  for (const run of runs) words.append("run", run);
  if (options.from !== null) words.set("from", options.from);
  if (options.to !== null) words.set("to", options.to);
  words.set("points", options.points);
  if (options.ranges) words.set("ranges", "yes");
  const name = words.toString();
  let batch = waiting.get(name);
  if (!batch) {
    batch = { words, most: Math.max(1, Math.floor(CURVES_AT_ONCE / runs.length)), wanted: new Map() };
    waiting.set(name, batch);
    setTimeout(() => { waiting.delete(name); send(batch); }, 10);
  }
  return new Promise((resolve, reject) => {
    const listeners = batch.wanted.get(key) ?? [];
    listeners.push({ resolve, reject });
    batch.wanted.set(key, listeners);
  });
}

async function send({ words, most, wanted }) {
  const keys = [...wanted.keys()];
  for (let start = 0; start < keys.length; start += most) {
    const some = keys.slice(start, start + most);
    const query = new URLSearchParams(words);
    for (const key of some) query.append("key", key);
    try {
      const { curves } = await ask("GET", `${base}/metrics.json?${query}`);
      const decoded = curves.map(decode);
      for (const key of some) {
        const found = decoded.filter((curve) => curve.key === key);
        for (const { resolve } of wanted.get(key)) resolve(found);
      }
    } catch (error) {
      for (const key of some) for (const { reject } of wanted.get(key)) reject(error);
    }
  }
}

function decode({ run, key, thinned, start, step, time, value, low, high }) {
  return {
    run, key, thinned,
    step: Float64Array.from(step),
    time: Float64Array.from(time, (offset) => start + offset),
    value: Float64Array.from(value, Number),
    low: low ? Float64Array.from(low, numberOrNaN) : null,
    high: high ? Float64Array.from(high, numberOrNaN) : null,
  };
}

const numberOrNaN = (end) => (end === null ? NaN : Number(end));

/** The curve with newer points behind it; those of its last step come again with the new ones. */
export function extended(curve, newer) {
  const last = newer.step.length === 0 ? Infinity : newer.step[0];
  let kept = curve.step.length;
  while (kept > 0 && curve.step[kept - 1] >= last) kept--;
  const join = (old, added) => {
    const joined = new Float64Array(kept + added.length);
    joined.set(old.subarray(0, kept));
    joined.set(added, kept);
    return joined;
  };
  const ends = (name) => (curve[name] ? join(curve[name], newer[name] ?? newer.value) : null);
  return {
    ...curve,
    thinned: curve.thinned || newer.thinned,
    step: join(curve.step, newer.step),
    time: join(curve.time, newer.time),
    value: join(curve.value, newer.value),
    low: ends("low"),
    high: ends("high"),
  };
}
