// Lines of metrics: `mountLines(element, { runs, metrics, … })`.
import { colourAt, coloursOf } from "../core/colours.js";
import { h, settle } from "../core/dom.js";
import { areSingle, pointInBars, showBars } from "./bars.js";
import { DEFAULTS, lineControls } from "./controls.js";
import { loadCurves } from "./curves.js";
import { curvesCSV, downloadMenu, fileName, pngOf } from "./download.js";
import { Feed } from "./feed.js";
import { moveCursor } from "./keys.js";
import { showLegend } from "./legend.js";
import { makePlot } from "./plot.js";
import { sceneOf } from "./scene.js";
import { onPoint, pointAt } from "./shared.js";
import { svgOf } from "./svg.js";
import { onTheme } from "./theme.js";
import { Tooltip, nearestOf, valuesAt } from "./tooltip.js";
import { summaryOf, tableOf } from "./words.js";

/**
 * Draws metrics of runs as lines.
 *
 * `runs`: `[{ id, name, params?, tags? }]`; `metrics`: names. Also: `options` (see controls.js), `height`, `title`, `sync` (charts of the same word move
 * their cursors together), `isSmall`, `hasControls`, `hasLegend`, `groups` by which lines can be put together, `expand()` for a button that makes it large,
 * `view`: what is zoomed to, `{ x, y }`, and `zoomed(view)` that is told of another.
 */
export function mountLines(element, wishes) {
  return new LineChart(element, wishes);
}

class LineChart {
  constructor(element, { runs, metrics, options = { ...DEFAULTS }, height, title, sync = null, isSmall = false, hasControls = !isSmall, hasLegend = true, groups = [], expand = null, view = null, zoomed = null }) {
    Object.assign(this, { element, runs, metrics, options, isSmall, hasLegend, zoomed });
    this.title = title ?? metrics.join(", ");
    this.view = view ?? { x: null, y: null };
    this.isolated = new Set();
    this.hidden = new Set();
    this.feed = new Feed({ runs, metrics, isSmall, changed: () => this.draw(), failed: (message) => { this.note.textContent = message; } });
    this.build({ height: height ?? (isSmall ? 200 : 380), sync, hasControls, groups, expand });
    this.setStyles();
    this.ends = [
      onTheme(() => { this.setStyles(); this.plot.restyle(); this.draw(); }),
      onPoint((id) => { this.pointed = id; this.plot.point(id); pointInBars(this.bars, id); }),
    ];
    this.begin();
  }

  async begin() {
    await this.feed.load();
    if (this.view.x) this.feed.zoom(this.view.x, this.shownAxis);
  }

  build({ height, sync, hasControls, groups, expand }) {
    this.note = h("span", { class: "chart-note quiet small", role: "status" });
    this.reset = h("button", { type: "button", class: "button small", hidden: true, onclick: () => this.zoom(null, null) }, "Reset zoom");
    const head = h("header", { class: "chart-head" }, h("h3", { class: "clip", title: this.title }, this.title), this.note, this.reset,
      expand && h("button", { type: "button", class: "icon-button chart-expand", "aria-label": `Enlarge ${this.title}`, title: "Enlarge", onclick: expand }, "⤢"),
      this.downloads());
    const describedBy = `chart-${Math.random().toString(36).slice(2)}`;
    this.canvas = h("div", {
      class: "chart-plot", tabindex: 0, role: "application", "aria-roledescription": "chart of lines", "aria-label": this.title, "aria-describedby": describedBy,
      style: { minHeight: `${height}px` },
      onkeydown: (event) => moveCursor(this, event),
      onmouseleave: () => this.leave(),
      onblur: () => this.leave(),
    });
    this.summary = h("p", { id: describedBy, class: "visually-hidden" });
    this.spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
    this.bars = h("ol", { class: "chart-bars", hidden: true });
    this.legend = h("ul", { class: "chart-legend", "aria-label": "Lines", hidden: !this.hasLegend });
    this.values = h("details", { class: "chart-data small", ontoggle: () => this.showTable() }, h("summary", {}, "Values"));
    this.element.classList.add("chart", ...(this.isSmall ? ["small-chart"] : []));
    this.element.replaceChildren(head, ...(hasControls ? [lineControls(this.options, () => this.change({}), { groups })] : []), this.canvas, this.bars, this.legend, this.values, this.summary, this.spoken);
    this.tip = new Tooltip(this.canvas);
    this.plot = makePlot(this.canvas, { height, sync, isSmall: this.isSmall }, {
      onCursor: (x, y, isHere) => this.pointTo(x, y, isHere),
      onZoom: (x, y) => this.zoom(x ?? this.view.x, y ?? this.view.y),
      onReset: () => this.zoom(null, null),
      onClick: () => this.tip.toggle(),
    });
    if (!globalThis.uPlot) this.element.append(h("p", { class: "quiet small" }, "Zoom and cursor need uPlot, which is not installed on this server."));
  }

  /** Each line its colour: that of its run, or of its metric where there is but one run. */
  setStyles() {
    const ofRuns = coloursOf(this.runs.map((run) => run.id));
    this.styles = new Map();
    for (const run of this.runs) {
      this.metrics.forEach((key, place) => {
        const isOne = this.runs.length === 1 && this.metrics.length > 1;
        const style = isOne ? { colour: colourAt(place), dash: [[], [8, 4], [2, 3]][Math.floor(place / 10) % 3] } : this.runs.length === 1 ? { ...ofRuns.get(run.id), dash: [] } : ofRuns.get(run.id);
        const name = isOne ? key : this.metrics.length > 1 ? `${run.name} · ${key}` : run.name;
        this.styles.set(this.feed.lineID(run.id, key), { name, ...style, ...(!isOne && place > 0 ? { dash: [[8, 4], [2, 3], [10, 3, 2, 3]][(place - 1) % 3] } : {}) });
      });
    }
    const names = [...new Set(this.runs.map((run) => this.groupOf(run.id)))].filter((name) => name !== null);
    const ofGroups = coloursOf(names.map((name) => `group ${name}`));
    for (const name of names) this.styles.set(`group ${name}`, { name: `${this.options.group.replace(/^\w+\./, "")} = ${name}`, ...ofGroups.get(`group ${name}`) });
  }

  /** What the run has of the param or tag by which lines are put together; null where they stay alone. */
  groupOf(id) {
    const [kind, ...rest] = this.options.group.split(".");
    if (!this.options.group) return null;
    const run = this.runs.find((run) => run.id === id);
    return run?.[kind]?.[rest.join(".")] ?? "none";
  }

  zoom(x, y) {
    this.look(x, y);
    this.feed.zoom(x, this.shownAxis);
    this.tip.hide(true);
    this.draw();
  }

  look(x, y) {
    this.view = { x, y };
    this.zoomed?.(this.view);
  }

  /** Shows the same part of the steps as another chart. */
  lookAt(x) {
    if (String(x) === String(this.view.x)) return;
    this.view = { x, y: this.view.y };
    this.feed.zoom(x, this.shownAxis);
    this.draw();
  }

  /** Draws with other choices. */
  change(more) {
    const isOtherAxis = more.axis !== undefined && more.axis !== this.options.axis;
    Object.assign(this.options, more);
    if (isOtherAxis || this.drawnAxis !== this.options.axis) {
      this.look(null, null);
      this.feed.zoom(null);
    }
    if (this.drawnY !== this.options.logY) this.look(this.view.x, null);
    this.setStyles();
    this.draw();
  }

  /** Shows only these runs; null for all. */
  showRuns(ids) {
    this.hidden = new Set(ids === null ? [] : this.runs.map((run) => run.id).filter((id) => !ids.has(id)));
    this.draw();
  }

  draw() {
    const { options, isolated } = this;
    this.drawnAxis = options.axis;
    this.drawnY = options.logY;
    const isShown = (id) => !this.hidden.has(id.split(" ")[0]);
    const curves = this.feed.shown();
    this.shownAxis = options.axis === "step" && areOfOneStep(curves) ? "relative" : options.axis;
    const scene = sceneOf({
      curves, styles: this.styles, options: { ...options, axis: this.shownAxis }, view: this.view, starts: this.feed.starts, key: this.title,
      lineOf: (curve) => this.feed.lineID(curve.run, curve.key),
      groupOf: options.group ? (run) => this.groupOf(run) : null,
      isShown,
    });
    const whole = scene.lines;
    if (isolated.size > 0) scene.lines = scene.lines.filter((line) => isolated.has(line.id));
    this.scene = scene;
    this.element.classList.toggle("empty-chart", scene.lines.every((line) => line.xs.length === 0));
    const isSingle = areSingle(scene);
    this.canvas.hidden = isSingle;
    this.bars.hidden = !isSingle;
    if (isSingle) showBars(this.bars, scene, this.isSmall ? 7 : 500);
    this.plot.show(scene, this.pointed ?? null);
    if (this.hasLegend) showLegend(this.legend, whole, isolated, (id) => this.isolate(id));
    this.legend.hidden = !this.hasLegend || whole.length < 2 || isSingle;
    this.reset.hidden = !this.view.x && !this.view.y;
    this.note.textContent = this.noteText(curves);
    this.tell();
  }

  noteText(curves) {
    if (curves.every((curve) => curve.step.length === 0)) return "No points yet";
    const odd = this.scene.lines.reduce((sum, line) => sum + line.odd.length, 0);
    return odd > 0 ? `${odd} NaN or infinite` : "";
  }

  tell = settle(() => {
    this.summary.textContent = summaryOf(this.scene);
    if (this.values.open) this.showTable();
  }, 200);

  showTable() {
    this.values.querySelector(".chart-values")?.remove();
    if (this.values.open && this.scene) this.values.append(tableOf(this.scene));
  }

  isolate(id) {
    if (this.isolated.has(id)) this.isolated.delete(id);
    else this.isolated.add(id);
    this.draw();
  }

  pointTo(x, y, isHere) {
    if (x === null || !this.scene) return this.leave();
    if (!isHere) return this.tip.hide();
    const values = valuesAt(this.scene, x);
    const nearest = nearestOf(values, y, this.scene.y.isLog);
    this.tip.show(this.scene, x, values, nearest, this.plot.placeOf(x, y));
    if (this.scene.lines.length > 1 && !this.tip.isHeld) pointAt(nearest?.line.run ?? null);
    return nearest;
  }

  leave() {
    this.tip.hide();
    if (this.scene?.lines.length > 1) pointAt(null);
  }

  /** Takes what is told of a run while it goes on, see core/live.js. */
  noteRun(told) { this.feed.noteRun(told); }

  downloads() {
    const nameOf = (id) => this.runs.find((run) => run.id === id)?.name ?? id;
    const svg = () => svgOf(this.scene, { title: this.title });
    return downloadMenu(`Download ${this.title}`, [
      { text: "PNG", name: () => fileName(this.title, "png"), make: () => pngOf(svg()) },
      { text: "SVG", name: () => fileName(this.title, "svg"), make: () => new Blob([svg()], { type: "image/svg+xml" }) },
      {
        text: "CSV", name: () => fileName(this.title, "csv"),
        make: async () => curvesCSV(await loadCurves({ runs: this.runs.map((run) => run.id), keys: this.metrics, points: 10_000 }), nameOf),
      },
    ]);
  }

  destroy() {
    for (const end of this.ends) end();
    this.plot.destroy();
    this.element.replaceChildren();
  }
}

/** Whether many points were logged without steps, so that only their times tell them apart. */
function areOfOneStep(curves) {
  const long = curves.filter((curve) => curve.step.length > 1);
  return long.length > 0 && long.every((curve) => curve.step[0] === curve.step[curve.step.length - 1]);
}
