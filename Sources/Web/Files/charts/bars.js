// Metrics that were logged once: a bar for each run says more than dots one above the other.
import { h } from "../core/dom.js";
import { numberOf } from "../core/format.js";
import { pointAt } from "./shared.js";
import { textOf } from "./ticks.js";

/** Whether no line has more than a point. */
export const areSingle = (scene) => scene.lines.some((line) => line.xs.length === 1) && scene.lines.every((line) => line.xs.length <= 1);

/** Shows the runs from the largest value to the smallest, at most so many; the bars begin at nought. */
export function showBars(element, scene, most) {
  const rank = (value) => (Number.isNaN(value) ? -Infinity : value);
  const lines = scene.lines.filter((line) => line.xs.length === 1).sort((a, b) => rank(b.ys[0]) - rank(a.ys[0]));
  if (lines.length === 1) {
    const [line] = lines;
    element.replaceChildren(h("li", { class: "single-value", dataset: { run: line.run } }, h("strong", {}, numberOf(line.ys[0], 6)), h("span", { class: "quiet" }, `${line.name}, ${scene.x.label.toLowerCase()} ${textOf(line.xs[0], scene.x.kind)}`)));
    return;
  }
  const largest = Math.max(...lines.map((line) => Math.abs(line.ys[0])).filter(Number.isFinite), 0);
  element.replaceChildren(...lines.slice(0, most).map((line) => {
    const value = line.ys[0];
    const share = Number.isFinite(value) && largest > 0 ? Math.abs(value) / largest : 0;
    return h("li", { dataset: { run: line.run }, onmouseenter: () => pointAt(line.run), onmouseleave: () => pointAt(null) },
      h("span", { class: "clip", title: line.name }, line.name),
      h("span", { class: "bar-track" }, h("span", { class: value < 0 ? "bar-fill below" : "bar-fill", style: { width: `${share * 100}%`, background: line.colour } })),
      h("span", { class: "number" }, numberOf(value)));
  }), ...(lines.length > most ? [h("li", { class: "quiet small" }, `${lines.length - most} lower`)] : []));
}

/** Marks the run that is pointed at. */
export function pointInBars(element, id) {
  for (const row of element.children) row.classList.toggle("pointed", id !== null && row.dataset.run === id);
}
