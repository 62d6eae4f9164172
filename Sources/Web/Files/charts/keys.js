// A chart by the keyboard: arrows move the cursor from point to point, up and down from line to line; + and - zoom, 0 shows all.
import { numberOf } from "../core/format.js";
import { nearestPlace } from "./maths.js";
import { pointAt } from "./shared.js";
import { textOf } from "./ticks.js";
import { valuesAt } from "./tooltip.js";

/** Does what a key asks of a chart of lines. */
export function moveCursor(chart, event) {
  if (event.target !== chart.canvas || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = ACTS[event.key];
  if (!act || !chart.scene) return;
  event.preventDefault();
  act(chart, event.shiftKey ? 10 : 1);
}

const ACTS = {
  ArrowLeft: (chart, times) => walk(chart, -times),
  ArrowRight: (chart, times) => walk(chart, times),
  Home: (chart) => walk(chart, -Infinity),
  End: (chart) => walk(chart, Infinity),
  ArrowUp: (chart) => turn(chart, -1),
  ArrowDown: (chart) => turn(chart, 1),
  "+": (chart) => enlarge(chart, 0.5),
  "=": (chart) => enlarge(chart, 0.5),
  "-": (chart) => enlarge(chart, 2),
  0: (chart) => chart.zoom(null, null),
  Enter: (chart) => chart.tip.toggle(),
  Escape: (chart) => chart.leave(),
};

function lineOf(chart) {
  const lines = chart.scene.lines.filter((line) => line.xs.length > 0);
  return lines.find((line) => line.id === chart.walked) ?? lines[0];
}

function walk(chart, by) {
  const line = lineOf(chart);
  if (!line) return;
  const { min, max } = chart.scene.x;
  const present = chart.walkedTo ?? (by > 0 ? min : max);
  const place = nearestPlace(line.xs, present) + (chart.walkedTo === undefined && Number.isFinite(by) ? 0 : by);
  const first = nearestPlace(line.xs, min);
  const last = nearestPlace(line.xs, max);
  const next = Math.max(first, Math.min(last, place));
  goTo(chart, line, next);
}

function turn(chart, by) {
  const values = valuesAt(chart.scene, chart.walkedTo ?? chart.scene.x.min);
  if (values.length === 0) return;
  const present = values.findIndex(({ line }) => line.id === lineOf(chart).id);
  const found = values[Math.max(0, Math.min(values.length - 1, present + by))];
  goTo(chart, found.line, found.place);
}

function goTo(chart, line, place) {
  chart.walked = line.id;
  chart.walkedTo = line.xs[place];
  chart.plot.setCursor(line.xs[place], line.ys[place]);
  const values = valuesAt(chart.scene, line.xs[place]);
  const nearest = values.find((found) => found.line === line);
  chart.tip.show(chart.scene, line.xs[place], values, nearest, chart.plot.placeOf(line.xs[place], line.ys[place]));
  pointAt(chart.scene.lines.length > 1 ? line.run : null);
  chart.spoken.textContent = `${line.name}, ${chart.scene.x.label.toLowerCase()} ${textOf(line.xs[place], chart.scene.x.kind)}: ${numberOf(line.ys[place], 6)}`;
}

function enlarge(chart, times) {
  const { min, max } = chart.scene.x;
  const middle = chart.walkedTo ?? (min + max) / 2;
  const x = [middle - ((middle - min) * times), middle + ((max - middle) * times)];
  chart.zoom(x[1] - x[0] > 0 ? x : null, chart.view.y);
}
