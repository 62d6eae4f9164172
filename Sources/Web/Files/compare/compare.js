// The page that compares runs: charts over the selection, and their artifacts side by side.
import { keepWords } from "../charts/controls.js";
import { fieldsOf, isVaried } from "../charts/fields.js";
import { mountGrid } from "../charts/grid.js";
import { mountPanels } from "../charts/panels.js";
import { keptColours, onTheme } from "../charts/theme.js";
import { swatch } from "../charts/tooltip.js";
import { ask } from "../core/api.js";
import { $, $$, h } from "../core/dom.js";
import { watch } from "../core/live.js";
import { mountViews } from "../views/views.js";
import { mountArtifacts } from "./artifacts.js";
import { mountCopies } from "./copies.js";

const WATCHED_MOST = 50;

const more = $(".compare-more");
if (more) draw(more);

async function draw(place) {
  // Other runs keep the charts as they are.
  keepWords($("#compare"), ["run", "baseline", "as", "without", "rows"]);
  mountViews();
  mountCopies($(".copy-table"), $(".compare-table"));
  let runs;
  try {
    ({ runs } = await ask("GET", place.dataset.address));
  } catch (error) {
    place.append(h("p", { class: "note bad", role: "alert" }, error.message));
    return;
  }
  const styles = keptColours(runs.map((run) => run.id));
  const paint = () => {
    for (const heading of $$(".compare-table thead [data-run]")) {
      $(".swatch", heading)?.remove();
      $(".compare-head", heading).prepend(swatch(styles.get(heading.dataset.run)));
    }
  };
  paint();
  onTheme(paint);
  const fields = fieldsOf(runs);
  const section = (title) => place.appendChild(h("section", { "aria-label": title }, h("h2", {}, title)));
  const grid = mountGrid(section("Metrics over time").appendChild(h("div")), {
    runs,
    metrics: fields.metrics.map((field) => field.slice("metrics.".length)),
    groups: [...fields.params, ...fields.tags].filter((field) => isVaried(runs, field)),
    isEmptyText: "None of these runs has logged a metric.",
    hasLegend: true,
  });
  mountPanels(place.appendChild(h("section", { "aria-label": "Charts over the runs" })), {
    runs, styles, onSelect: (ids) => grid.showRuns(ids),
    begin: runs.length > 2 && fields.params.length > 0 && fields.metrics.length > 0 ? ["parallel"] : [],
  });
  mountArtifacts(section("Artifacts"), runs);
  for (const run of runs.filter((run) => run.status === "RUNNING").slice(0, WATCHED_MOST)) watch("run", run.id, (told) => grid.noteRun(told));
}
