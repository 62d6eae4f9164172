// The page of an experiment's charts.
import { ask } from "../core/api.js";
import { $, $$, h } from "../core/dom.js";
import { reloadAtFirstRun } from "../core/first.js";
import { watch } from "../core/live.js";
import { base } from "../core/place.js";
import { mountViews } from "../views/views.js";
import { keepWords } from "./controls.js";
import { fieldsOf, isVaried } from "./fields.js";
import { mountGrid } from "./grid.js";
import { mountPanels } from "./panels.js";
import { mountRunList } from "./runlist.js";
import { keptColours } from "./theme.js";

const WATCHED_MOST = 50;
const [EXPERIMENT] = /experiments\/([^/]+)\/charts/.exec(location.pathname).slice(1);

const page = $(".charts-page");
mountViews();
const search = $(".charts-search");
keepWords(search, ["filter", "order", "limit", "run", "hide"]);
if (page) draw(page);
else if (!search.elements.filter.value) reloadAtFirstRun(EXPERIMENT);

async function draw(page) {
  const place = $(".charts-panels", page);
  let runs;
  try {
    ({ runs } = await ask("GET", page.dataset.address));
  } catch (error) {
    place.append(h("p", { class: "note bad", role: "alert" }, error.message));
    return;
  }
  const styles = keptColours(runs.map((run) => run.id));
  const fields = fieldsOf(runs);
  const grid = mountGrid(place.appendChild(h("section", { "aria-label": "Metrics" })), {
    runs,
    metrics: fields.metrics.map((field) => field.slice("metrics.".length)),
    groups: [...fields.params, ...fields.tags].filter((field) => isVaried(runs, field)),
    isEmptyText: "None of these runs has logged a metric.",
  });
  let list = null;
  let brushing = null;
  const panels = mountPanels(place.appendChild(h("section", { "aria-label": "Charts over the runs" })), {
    runs, styles, begin: fields.params.length > 0 && fields.metrics.length > 0 ? ["parallel"] : [],
    onSelect: (ids, panel) => { brushing = panel; list.select(ids); brushing = null; },
  });
  list = mountRunList($(".charts-runs ul", page), styles, (shown) => {
    const ids = shown.size === runs.length ? null : shown;
    grid.showRuns(ids);
    // What is being brushed keeps its lines, so that the brush can grow again.
    if (!brushing) panels.showRuns(ids);
    for (const link of $$("[data-compare]")) link.href = `${base}/runs/compare?${new URLSearchParams([...shown].map((id) => ["run", id]))}`;
  });
  for (const run of runs.filter((run) => run.status === "RUNNING").slice(0, WATCHED_MOST)) watch("run", run.id, (told) => grid.noteRun(told));
  noteNewRuns(page, runs);
}

function noteNewRuns(page, runs) {
  if (new URLSearchParams(location.search).has("run")) return;
  const known = new Set(runs.map((run) => run.id));
  const fresh = new Set();
  const button = h("button", { type: "button", class: "button small", hidden: true, onclick: () => location.reload() });
  $(".charts-runs", page).prepend(button);
  watch("experiment", EXPERIMENT, ({ begun }) => {
    for (const id of begun) if (!known.has(id)) fresh.add(id);
    button.hidden = fresh.size === 0;
    button.textContent = fresh.size === 1 ? "Show 1 new run" : `Show ${fresh.size} new runs`;
  });
}
