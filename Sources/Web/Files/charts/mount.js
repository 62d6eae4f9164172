// Mounts every `<div class="metric-charts" data-run data-run-name data-metrics>` of a page: small charts of a run's metrics, live.
import { $, $$, h } from "../core/dom.js";
import { watch } from "../core/live.js";
import { assets } from "../core/place.js";
import { isSystem, mountGrid } from "./grid.js";

const style = `${assets}charts/charts.css`;
if (!$(`link[href="${style}"]`)) document.head.append(h("link", { rel: "stylesheet", href: style }));
for (const element of $$(".metric-charts")) mountRun(element);

/** `data-metrics` is a list of names as JSON; `data-parameter` stands before the words that the charts have in the page's address. */
function mountRun(element) {
  const { run, runName, metrics } = element.dataset;
  const names = JSON.parse(metrics || "[]");
  // Where system metrics have a place of their own, new ones go where they belong.
  const isApart = $$(".metric-charts").length > 1;
  const isOfSystem = names.every(isSystem);
  const grid = mountGrid(element, {
    runs: [{ id: run, name: runName || run.slice(0, 8) }],
    metrics: names,
    prefix: element.dataset.parameter ?? "chart.",
    isEmptyText: "Metrics appear here as soon as the run logs one.",
  });
  watch("run", run, (told) => grid.noteRun({ ...told, metrics: told.metrics.filter(({ key }) => !isApart || isSystem(key) === isOfSystem) }));
}
