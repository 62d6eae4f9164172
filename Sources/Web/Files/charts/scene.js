// What a chart of lines shows, ready to be drawn on any surface.
import { averaged, extent, extentWithoutOutliers, placeOf, smoothed } from "./maths.js";
import { ticksOf } from "./ticks.js";

const AXES = { step: ["number", "Step"], time: ["time", "Time"], relative: ["span", "Time since the first point"] };

/**
 * A scene of curves.
 *
 * `styles`: `{ name, colour, dash }` by line id. `options`: `axis`, `smooth`, `logX`, `logY`, `clip`, `band`. `view`: `{ x, y }`, what was zoomed to.
 * `groupOf` gives the group of a run, or null where lines stay alone; `isShown` says which lines are.
 */
export function sceneOf({ curves, styles, options, view, starts, lineOf, groupOf, isShown, key }) {
  let lines = curves.filter((curve) => isShown(lineOf(curve))).map((curve) => lineFrom(curve, options, starts, lineOf(curve)));
  if (groupOf) lines = grouped(lines, groupOf, options.band);
  for (const line of lines) Object.assign(line, styles.get(line.style));
  const x = rangeOfX(lines, options, view.x);
  const y = rangeOfY(lines, options, view.y, x);
  return { key, lines, x, y };
}

function lineFrom(curve, { axis, smooth }, starts, id) {
  let { xs, order } = xsOf(curve, axis, starts);
  const pick = (list) => (list && order ? list.map((_, place) => list[order[place]]) : list);
  const raw = pick(curve.value);
  const ys = smoothed(raw, smooth);
  const odd = [];
  raw.forEach((value, place) => {
    if (!Number.isFinite(value)) odd.push({ x: xs[place], kind: Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞" });
  });
  return { id, run: curve.run, style: id, xs, ys, raw: ys === raw ? null : raw, low: pick(curve.low), high: pick(curve.high), odd, curve, isBand: false };
}

function xsOf(curve, axis, starts) {
  if (axis === "step") return { xs: curve.step, order: null };
  const start = axis === "relative" ? starts.get(curve.run) ?? curve.time[0] ?? 0 : 0;
  const xs = curve.time.map((time) => time - start);
  if (xs.every((x, place) => place === 0 || x >= xs[place - 1])) return { xs, order: null };
  const order = Uint32Array.from(xs.keys()).sort((a, b) => xs[a] - xs[b]);
  return { xs: xs.map((_, place) => xs[order[place]]), order };
}

function grouped(lines, groupOf, band) {
  const groups = new Map();
  for (const line of lines) {
    const group = groupOf(line.run);
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups].map(([group, members]) => ({
    id: `group ${group}`,
    run: `group ${group}`,
    style: `group ${group}`,
    ...averaged(members, band),
    raw: null,
    odd: members.flatMap((line) => line.odd),
    members: members.length,
    isBand: true,
  }));
}

function rangeOfX(lines, { axis, logX }, zoomed) {
  const isLog = logX && axis !== "time";
  const [kind, label] = AXES[axis];
  const found = zoomed ?? extent(lines.map((line) => line.xs), isLog ? (value) => value > 0 : undefined) ?? [isLog ? 1 : 0, isLog ? 10 : 1];
  const [min, max] = found[0] === found[1] ? [found[0] - (isLog ? found[0] / 2 : 0.5), found[1] + (isLog ? found[1] : 0.5)] : found;
  return { min, max, isLog, kind, label };
}

function rangeOfY(lines, { logY, clip }, zoomed, x) {
  const isWanted = logY ? (value) => value > 0 : undefined;
  const lists = lines.flatMap((line) => {
    const from = Math.max(0, placeOf(line.xs, x.min) - 1);
    const to = placeOf(line.xs, x.max) + 1;
    return [line.ys, line.raw, line.low, line.high].filter(Boolean).map((list) => list.subarray(from, to));
  });
  const found = zoomed ?? (clip ? extentWithoutOutliers : extent)(lists, isWanted) ?? (logY ? [0.1, 1] : [0, 1]);
  let [min, max] = found;
  if (!zoomed) {
    if (logY) {
      const room = min === max ? 2 : (max / min) ** 0.04;
      [min, max] = [min / room, max * room];
    } else {
      const room = (max - min) * 0.05 || Math.abs(max) * 0.05 || 0.5;
      [min, max] = [min - room, max + room];
    }
  }
  return { min, max, isLog: Boolean(logY), kind: "number", label: "" };
}

/** Marks of an axis that has so many pixels. */
export function marksOf(range, pixels, pixelsEach) {
  return ticksOf(range.min, range.max, { kind: range.kind, isLog: range.isLog, count: Math.max(2, Math.floor(pixels / pixelsEach)) });
}

/** From a value on an axis to a place between `start` and `start + length`. */
export function scaleOf({ min, max, isLog }, start, length) {
  if (!isLog) return (value) => start + ((value - min) / (max - min)) * length;
  const low = Math.log(min);
  const high = Math.log(max);
  return (value) => (value > 0 ? start + ((Math.log(value) - low) / (high - low)) * length : NaN);
}
