// The names of lines: pointing at one highlights it everywhere, a click leaves it alone.
import { h } from "../core/dom.js";
import { pointAt } from "./shared.js";
import { swatch } from "./tooltip.js";

/** Draws it anew. `isolated`: the ids that are alone; `isolate(id)` is told of a click. */
export function showLegend(element, lines, isolated, isolate) {
  const key = lines.map((line) => `${line.id} ${line.name} ${line.colour}`).join("\n") + [...isolated].join(" ");
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...lines.map((line) => h("li", {}, h("button", {
    type: "button",
    class: isolated.size > 0 && !isolated.has(line.id) ? "off" : null,
    "aria-pressed": String(isolated.has(line.id)),
    title: `${line.name}: click to see it alone`,
    onmouseenter: () => pointAt(line.run),
    onmouseleave: () => pointAt(null),
    onfocus: () => pointAt(line.run),
    onblur: () => pointAt(null),
    onclick: () => isolate(line.id),
  }, swatch(line), h("bdi", { class: "clip" }, line.name)))));
}
