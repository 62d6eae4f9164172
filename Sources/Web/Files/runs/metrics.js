// The histories of a run's metrics: charts in place of the sketches that the server drew.
import { mountLines } from "../charts/lines.js";
import { $$ } from "../core/dom.js";

for (const element of $$(".metric-charts")) {
  const { run, name, metrics } = element.dataset;
  element.replaceChildren();
  mountLines(element, { runs: [{ id: run, name }], metrics: JSON.parse(metrics) });
}
