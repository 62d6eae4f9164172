// Many metrics as a grid of small charts, grouped by the beginnings of their names; each is drawn when it comes into view.
import { coloursOf } from "../core/colours.js";
import { h, settle } from "../core/dom.js";
import { changeAddress, lineControls, optionsFrom, optionsInto } from "./controls.js";
import { showLegend } from "./legend.js";
import { mountLines } from "./lines.js";
import { onTheme } from "./theme.js";

const OPEN_AT_FIRST = 24;
/** So few need no groups. */
const FLAT_MOST = 9;

/** The group of a metric: what stands before its last slash. System metrics stay apart. */
export function groupNameOf(metric) {
  const slash = metric.lastIndexOf("/");
  return slash > 0 ? metric.slice(0, slash) : "";
}

/**
 * `runs`, `metrics`, `groups` as in lines.js; `prefix` stands before the words of the page's address; `hasLegend` for a legend of all charts.
 * Returns a handle: `noteRun(told)`, `showRuns(ids)`, `addMetrics(names)`.
 */
export function mountGrid(element, wishes) {
  return new Grid(element, wishes);
}

class Grid {
  constructor(element, { runs, metrics, groups = [], prefix = "", isEmptyText, hasLegend = false }) {
    Object.assign(this, { element, runs, groups, prefix, isEmptyText });
    const words = new URLSearchParams(location.search);
    this.options = optionsFrom(words, prefix);
    this.sync = `grid-${Math.random().toString(36).slice(2)}`;
    this.cells = new Map();
    this.charts = new Map();
    this.shown = null;
    // All charts show one part of the steps, each its own part of the values.
    this.x = rangeFrom(words.get(`${prefix}zoom`) ?? "")[0];
    this.ys = new Map(words.getAll(`${prefix}zoomY`).map(rangeFrom).filter(([range]) => range).map(([range, metric]) => [metric, range]));
    this.isolated = new Set((words.get(`${prefix}only`) ?? "").split(",").filter((id) => runs.some((run) => run.id === id)));
    this.legend = h("ul", { class: "chart-legend", "aria-label": "Runs", hidden: !hasLegend || runs.length < 2 });
    this.filter = h("input", { type: "search", placeholder: "Metrics by name", "aria-label": "Metrics by name", value: words.get(`${prefix}metric`) ?? "", oninput: () => this.search() });
    this.count = h("span", { class: "quiet small", role: "status" });
    const own = metrics.filter((name) => !isSystem(name));
    this.isFlat = own.length <= FLAT_MOST;
    this.isOfSystem = own.length === 0 && metrics.length > 0;
    this.sections = h("div", { class: "chart-sections" });
    this.empty = h("p", { class: "quiet" }, isEmptyText ?? "No metrics.");
    this.turned = new Set(words.getAll(`${prefix}turned`));
    this.seen = new IntersectionObserver((entries) => this.meet(entries), { rootMargin: "300px" });
    element.classList.add("metric-grid");
    element.replaceChildren(
      h("div", { class: "row chart-bar" }, this.filter, this.count, lineControls(this.options, () => this.change(), { groups })),
      this.legend, this.empty, this.sections,
    );
    this.showLegend();
    onTheme(() => this.showLegend());
    this.addMetrics(metrics);
    this.search();
    const large = words.get(`${prefix}full`);
    if (large && this.cells.has(large)) this.enlarge(large);
  }

  addMetrics(names) {
    for (const name of [...names].sort(byName)) if (!this.cells.has(name)) this.addCell(name);
    this.empty.hidden = this.cells.size > 0;
  }

  addCell(metric) {
    const cell = h("div", { class: "chart-cell", dataset: { metric }, style: { minHeight: "250px" } });
    this.cells.set(metric, cell);
    this.sectionOf(this.isFlat && !isSystem(metric) ? "" : groupNameOf(metric)).querySelector(".chart-grid").append(cell);
    this.seen.observe(cell);
    this.countSections();
  }

  sectionOf(group) {
    const found = [...this.sections.children].find((section) => section.dataset.group === group);
    if (found) return found;
    const isOpen = this.cells.size <= OPEN_AT_FIRST && (this.isOfSystem || !isSystem(`${group}/`));
    const turn = (event) => {
      if (this.filter.value.trim() === "") this.turned[event.target.open === isOpen ? "delete" : "add"](group);
      this.keepAddress();
    };
    const section = h("details", { class: "chart-section", open: isOpen !== this.turned.has(group), dataset: { group }, ontoggle: turn },
      h("summary", {}, h("strong", {}, group || "Metrics"), " ", h("span", { class: "quiet section-count" })),
      h("div", { class: "chart-grid" }));
    // System metrics come last, others by name.
    const after = [...this.sections.children].find((other) => rank(other.dataset.group) > rank(group) || (rank(other.dataset.group) === rank(group) && byName(other.dataset.group, group) > 0));
    this.sections.insertBefore(section, after ?? null);
    return section;
  }

  countSections() {
    for (const section of this.sections.children) {
      const cells = [...section.querySelectorAll(".chart-cell")].filter((cell) => !cell.hidden);
      section.querySelector(".section-count").textContent = String(cells.length);
      section.hidden = cells.length === 0;
    }
  }

  meet(entries) {
    for (const { target, isIntersecting } of entries) {
      const metric = target.dataset.metric;
      if (!isIntersecting || this.charts.has(metric)) continue;
      this.charts.set(metric, this.mount(target, metric, { isSmall: true, expand: () => this.enlarge(metric) }));
    }
  }

  mount(element, metric, more) {
    const chart = mountLines(element, {
      runs: this.runs, metrics: [metric], options: more.isSmall ? this.options : { ...this.options }, groups: this.groups, sync: this.sync,
      hasLegend: !more.isSmall, hasControls: !more.isSmall, view: { x: this.x, y: this.ys.get(metric) ?? null }, zoomed: (view) => this.keepView(metric, view), ...more,
    });
    chart.showRuns(this.visible());
    return chart;
  }

  keepView(metric, view) {
    if (view.y) this.ys.set(metric, view.y);
    else this.ys.delete(metric);
    this.x = view.x;
    for (const chart of this.open()) chart.lookAt(view.x);
    this.keepAddress();
  }

  search() {
    const wanted = this.filter.value.trim().toLowerCase();
    let matches = 0;
    for (const [metric, cell] of this.cells) {
      cell.hidden = !matchesName(metric, wanted);
      if (!cell.hidden) matches++;
    }
    this.count.textContent = wanted ? `${matches} of ${this.cells.size}` : `${this.cells.size} metrics`;
    this.countSections();
    if (wanted) for (const section of this.sections.children) if (!section.hidden) section.open = true;
    this.keepAddress();
  }

  change() {
    for (const chart of this.charts.values()) chart.change({});
    this.keepAddress();
  }

  keepAddress = settle(() => changeAddress((words) => {
    optionsInto(words, this.options, this.prefix);
    setWord(words, `${this.prefix}metric`, this.filter.value.trim());
    setWord(words, `${this.prefix}full`, this.large?.metric ?? "");
    setWord(words, `${this.prefix}only`, [...this.isolated].join(","));
    setWord(words, `${this.prefix}zoom`, this.x ? endsOf(this.x).join(",") : "");
    words.delete(`${this.prefix}zoomY`);
    for (const [metric, range] of this.ys) words.append(`${this.prefix}zoomY`, [...endsOf(range), metric].join(","));
    words.delete(`${this.prefix}turned`);
    for (const group of this.turned) words.append(`${this.prefix}turned`, group);
  }), 150);

  /** Shows a metric as large as the window allows, until it is closed. */
  enlarge(metric) {
    const holder = h("div", {});
    const close = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Close");
    const dialog = h("dialog", { class: "chart-dialog", "aria-label": metric, onclose: () => {
      chart.destroy();
      dialog.remove();
      this.large = null;
      this.keepAddress();
    } }, h("div", { class: "body" }, holder, h("div", { class: "row chart-dialog-end" }, close)));
    document.body.append(dialog);
    dialog.showModal();
    const chart = this.mount(holder, metric, { isSmall: false, height: Math.max(260, Math.min(620, innerHeight - 330)) });
    this.large = { metric, chart };
    this.keepAddress();
  }

  open() { return [...this.charts.values(), ...(this.large ? [this.large.chart] : [])]; }

  noteRun(told) {
    this.addMetrics(told.metrics.map((metric) => metric.key));
    for (const chart of this.open()) chart.noteRun(told);
    this.search();
  }

  showRuns(ids) {
    this.shown = ids;
    for (const chart of this.open()) chart.showRuns(this.visible());
  }

  /** The runs that are shown: of those that the page shows, the ones that the legend leaves alone; null for all. */
  visible() {
    if (this.isolated.size === 0) return this.shown;
    return this.shown === null ? this.isolated : new Set([...this.isolated].filter((id) => this.shown.has(id)));
  }

  showLegend() {
    if (this.legend.hidden) return;
    const styles = coloursOf(this.runs.map((run) => run.id));
    showLegend(this.legend, this.runs.map(({ id, name }) => ({ id, run: id, name, ...styles.get(id) })), this.isolated, (id) => {
      if (!this.isolated.delete(id)) this.isolated.add(id);
      this.showLegend();
      this.showRuns(this.shown);
      this.keepAddress();
    });
  }
}

/** Both ends with as many digits as tell them apart on a screen. */
function endsOf(range) {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(range[1] - range[0])));
  return range.map((end) => String(Number(end.toFixed(Math.min(digits, 100)))));
}

/** Both ends and what stands behind them; null in the place of ends that are none. */
function rangeFrom(word) {
  const [from, to, ...rest] = word.split(",");
  return [from && Number(from) < Number(to) ? [Number(from), Number(to)] : null, rest.join(",")];
}

function setWord(words, key, value) {
  if (value) words.set(key, value);
  else words.delete(key);
}

/** Whether a name has every word in it. */
function matchesName(name, wanted) {
  const lower = name.toLowerCase();
  return wanted.split(/\s+/).every((word) => lower.includes(word));
}

/** Whether MLflow measured it of the machine. */
export const isSystem = (metric) => metric.startsWith("system/");

const rank = (group) => (isSystem(`${group}/`) ? 1 : 0);
const byName = (a, b) => a.localeCompare(b, undefined, { numeric: true });
