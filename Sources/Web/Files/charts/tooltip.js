// What the lines are at the cursor, sorted by value; a click holds it still, so that it can be read and copied.
import { h } from "../core/dom.js";
import { numberOf } from "../core/format.js";
import { toast } from "../core/toast.js";
import { nearestPlace } from "./maths.js";
import { textOf } from "./ticks.js";

const MOST = 12;

/** The lines of a scene at x: `{ line, at, value, raw }` from the largest value to the smallest. */
export function valuesAt(scene, x) {
  const found = [];
  const reach = (scene.x.max - scene.x.min) * 0.05;
  for (const line of scene.lines) {
    if (line.xs.length === 0) continue;
    const place = nearestPlace(line.xs, x);
    // A line that ended is not told far behind its end.
    const isBeyond = x > line.xs[line.xs.length - 1] + reach || x < line.xs[0] - reach;
    if (isBeyond) continue;
    found.push({ line, place, at: line.xs[place], value: line.ys[place], raw: line.raw ? line.raw[place] : null });
  }
  const rank = (value) => (Number.isNaN(value) ? -Infinity : value);
  return found.sort((a, b) => rank(b.value) - rank(a.value));
}

/** The one whose value is nearest to y. */
export function nearestOf(values, y, isLog) {
  const distance = (value) => (isLog ? Math.abs(Math.log(value / y)) : Math.abs(value - y));
  return values.filter(({ value }) => Number.isFinite(value)).reduce((best, found) => (!best || distance(found.value) < distance(best.value) ? found : best), null);
}

export class Tooltip {
  constructor(host) {
    this.element = h("div", { class: "chart-tip", hidden: true });
    this.isHeld = false;
    host.append(this.element);
  }

  show(scene, x, values, nearest, place) {
    if (this.isHeld || !place) return;
    const middle = values.indexOf(nearest);
    const from = Math.max(0, Math.min(middle - MOST / 2, values.length - MOST));
    const shown = values.slice(from, from + MOST);
    const kind = scene.x.kind;
    this.text = [[scene.x.label, "run", scene.key].join("\t"), ...values.map(({ line, at, value }) => [textOf(at, kind), line.name, value].join("\t"))].join("\n");
    this.element.replaceChildren(
      h("p", { class: "chart-tip-head" }, `${scene.x.label} ${textOf(nearest?.at ?? x, kind)}`),
      from > 0 && h("p", { class: "quiet small" }, `${from} higher`) || "",
      h("table", {}, h("tbody", {}, shown.map((found) => h("tr", { class: found === nearest ? "nearest" : null },
        h("td", {}, swatch(found.line)),
        h("td", { class: "chart-tip-name clip" }, found.line.name),
        h("td", { class: "number" }, numberOf(found.value, 6), found.raw !== null && h("span", { class: "quiet" }, ` (${numberOf(found.raw, 6)})`)),
      )))),
      from + MOST < values.length && h("p", { class: "quiet small" }, `${values.length - from - MOST} lower`) || "",
      h("button", { type: "button", class: "button small chart-tip-copy", onclick: () => this.copy() }, "Copy"),
    );
    this.element.hidden = values.length === 0;
    const isRight = place.left + this.element.offsetWidth + 24 < place.width || place.left < place.width / 2;
    Object.assign(this.element.style, {
      left: isRight ? `${Math.max(4, Math.min(place.left + 16, place.width - this.element.offsetWidth - 4))}px` : "auto",
      right: isRight ? "auto" : `${Math.max(4, place.width - place.left + 16)}px`,
    });
  }

  async copy() {
    await navigator.clipboard.writeText(this.text);
    toast("Copied");
  }

  /** Holds it, or lets it go; returns whether it is held now. */
  toggle() {
    if (this.element.hidden) return false;
    this.isHeld = !this.isHeld;
    this.element.classList.toggle("held", this.isHeld);
    return this.isHeld;
  }

  hide(isForced = false) {
    if (this.isHeld && !isForced) return;
    this.isHeld = false;
    this.element.classList.remove("held");
    this.element.hidden = true;
  }
}

/** A short piece of a line, as it is drawn: its colour and its dash. */
export function swatch(line) {
  const canvas = h("canvas", { class: "swatch", width: 44, height: 12, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  Object.assign(context, { strokeStyle: line.colour, lineWidth: 4 });
  context.setLineDash((line.dash ?? []).map((length) => length * 2));
  context.beginPath();
  context.moveTo(0, 6);
  context.lineTo(44, 6);
  context.stroke();
  return canvas;
}
