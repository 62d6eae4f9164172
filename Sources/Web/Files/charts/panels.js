// Panels that a person adds: scatter, parallel coordinates, contour, bars and boxes over a selection of runs, by ECharts.
import { h, settle } from "../core/dom.js";
import { changeAddress } from "./controls.js";
import { csvOf, downloadMenu, fileName, pngOf } from "./download.js";
import { loadECharts } from "./echarts.js";
import { axisOf, fieldsOf, labelOf, valueOf } from "./fields.js";
import { KINDS } from "./kinds.js";
import { onPoint, pointAt } from "./shared.js";
import { onTheme } from "./theme.js";

/**
 * A place for panels, which keep themselves in the page's address: `panel` once for each.
 *
 * `runs`: as `charts.json` gives them; `styles`: `{ colour, dash }` by run; `onSelect(ids)` is told which runs were brushed, or null for all.
 */
export function mountPanels(element, { runs, styles, onSelect, begin = [] }) {
  const list = h("div", { class: "added-panels" });
  const kinds = h("select", { "aria-label": "Kind of chart" }, Object.entries(KINDS).map(([kind, { text }]) => h("option", { value: kind }, text)));
  const fields = fieldsOf(runs);
  let shown = runs;
  let panels = [];
  const keep = settle(() => changeAddress((words) => {
    words.delete("panel");
    for (const panel of panels) words.append("panel", panel.word());
    if (panels.length === 0 && begin.length > 0) words.append("panel", "none");
  }), 100);
  const add = (kind, chosen) => {
    const panel = new Panel(kind, { ...KINDS[kind].begin(fields, runs), ...chosen }, {
      fields, styles, onSelect, changed: keep,
      close: () => { panels = panels.filter((other) => other !== panel); keep(); },
    });
    panels.push(panel);
    list.append(panel.element);
    panel.show(shown);
    return panel.element;
  };
  element.append(h("div", { class: "row" }, h("h2", {}, "Over the runs"), kinds, h("button", { type: "button", class: "button", onclick: () => { add(kinds.value, {}).scrollIntoView({ block: "nearest" }); keep(); } }, "Add chart")), list);
  const words = new URLSearchParams(location.search).getAll("panel");
  for (const [kind, chosen] of words.length > 0 ? words.map(read).filter(Boolean) : begin.map((kind) => [kind, {}])) add(kind, chosen);
  return {
    showRuns: (ids) => {
      shown = ids === null ? runs : runs.filter((run) => ids.has(run.id));
      for (const panel of panels) panel.show(shown);
    },
  };
}

/** A panel from its word in the address; null where it is none. */
function read(word) {
  try {
    const { kind, ...chosen } = JSON.parse(word);
    return KINDS[kind] ? [kind, chosen] : null;
  } catch {
    return null;
  }
}

class Panel {
  constructor(kind, chosen, { fields, styles, onSelect, changed, close }) {
    Object.assign(this, { kind, chosen, fields, styles, onSelect, changed });
    this.drawing = h("div", { class: "panel-drawing", role: "img" });
    this.values = h("details", { class: "chart-data small", ontoggle: () => this.showTable() }, h("summary", {}, "Values"));
    this.choices = h("div", { class: "panel-choices row" });
    const ends = [];
    this.element = h("section", { class: KINDS[kind].isWide ? "chart panel wide-panel" : "chart panel" },
      h("header", { class: "chart-head" }, h("h3", {}, KINDS[kind].text), h("span", { class: "chart-note" }), this.downloads(),
        h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${KINDS[kind].text.toLowerCase()}`, title: "Remove", onclick: () => {
          for (const end of ends) end();
          this.plot?.dispose();
          this.element.remove();
          close();
        } }, "×")),
      this.choices, h("div", { class: "panel-scroll" }, this.drawing), this.values);
    this.showChoices();
    const sizes = new ResizeObserver(() => { if (this.drawing.clientWidth > 0) this.plot?.resize(); });
    sizes.observe(this.drawing);
    const seen = new IntersectionObserver(async ([entry]) => {
      if (!entry.isIntersecting) return;
      seen.disconnect();
      this.echarts = await loadECharts();
      this.draw();
    }, { rootMargin: "200px" });
    seen.observe(this.element);
    ends.push(() => seen.disconnect(), onTheme(() => this.draw()), onPoint((id) => this.point(id)), () => sizes.disconnect());
  }

  word() { return JSON.stringify({ kind: this.kind, ...this.chosen }); }

  showChoices() {
    this.choices.replaceChildren(...KINDS[this.kind].choices.map(([key, label, mayBeNone, isMany]) => {
      if (isMany) return this.manyFields(key, label);
      const select = h("select", { onchange: (event) => this.choose(key, event.target.value) }, mayBeNone && h("option", { value: "" }, "by run"), this.options(this.chosen[key]));
      return h("label", { class: "chart-choice" }, h("span", {}, label), select);
    }));
  }

  manyFields(key, label) {
    const chosen = () => this.chosen[key].split("\n").filter(Boolean);
    const boxes = [...this.fields.params, ...this.fields.metrics, ...this.fields.attributes].map((field) => h("label", { class: "chart-choice" }, h("input", {
      type: "checkbox", checked: chosen().includes(field),
      onchange: (event) => this.choose(key, (event.target.checked ? [...chosen(), field] : chosen().filter((other) => other !== field)).join("\n")),
    }), labelOf(field)));
    return h("details", { class: "menu panel-axes" }, h("summary", { class: "button small" }, label), h("div", { class: "menu-body" }, boxes));
  }

  options(value) {
    const group = (label, fields) => fields.length > 0 && h("optgroup", { label }, fields.map((field) => h("option", { value: field, selected: field === value }, labelOf(field))));
    return [group("Params", this.fields.params), group("Metrics", this.fields.metrics), group("Attributes", this.fields.attributes), group("Tags", this.fields.tags)];
  }

  choose(key, value) {
    this.chosen[key] = value;
    this.changed();
    this.draw();
  }

  show(runs) {
    this.runs = runs;
    this.draw();
  }

  draw() {
    if (!this.runs) return;
    this.drawing.setAttribute("aria-label", this.summary());
    if (this.values.open) this.showTable();
    if (this.echarts === undefined) return;
    if (this.echarts === null) {
      this.drawing.replaceChildren(h("p", { class: "note" }, "This chart needs ECharts, which is not installed on this server. Its values are below."));
      return;
    }
    // Many axes side by side want room; the panel scrolls then.
    if (KINDS[this.kind].isWide) this.drawing.style.minWidth = `${150 + this.columns().length * 78}px`;
    if (this.drawing.clientWidth === 0) return;
    if (!this.plot) {
      this.plot = this.echarts.init(this.drawing, null, { renderer: "canvas" });
      this.plot.on("mouseover", ({ name }) => pointAt(this.runs.some((run) => run.id === name) ? name : null));
      this.plot.on("mouseout", () => pointAt(null));
      this.plot.on("axisareaselected", () => this.tellSelected());
    }
    this.plot.setOption(this.option(), true);
  }

  option() { return KINDS[this.kind].draw({ runs: this.runs, styles: this.styles, chosen: this.chosen }); }

  tellSelected() {
    const series = this.plot.getModel().getSeries()[0];
    const brushed = this.plot.getModel().getComponent("parallel") && series.coordinateSystem.hasAxisBrushed?.();
    if (!brushed) return this.onSelect(null, this);
    this.onSelect(new Set(series.getRawIndicesByActiveState("active").map((place) => this.runs[place].id)), this);
  }

  point(id) {
    if (!this.plot || this.kind === "parallel") return;
    this.plot.dispatchAction({ type: "downplay" });
    if (id !== null) this.plot.dispatchAction({ type: "highlight", name: id });
  }

  columns() { return [...new Set(KINDS[this.kind].choices.flatMap(([key]) => this.chosen[key].split("\n")).filter(Boolean))]; }

  summary() { return `${KINDS[this.kind].text} of ${this.columns().map(labelOf).join(", ")} over ${this.runs.length} runs; their values are in the table below it.`; }

  showTable() {
    this.values.querySelector(".chart-values")?.remove();
    if (!this.values.open) return;
    const axes = this.columns().map((field) => axisOf(this.runs, field));
    this.values.append(h("div", { class: "scroll chart-values", tabindex: 0, role: "region", "aria-label": "Values" }, h("table", { class: "list" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Run"), axes.map((axis) => h("th", { scope: "col" }, axis.name)))),
      h("tbody", {}, this.runs.map((run, place) => h("tr", {}, h("th", { scope: "row" }, run.name), axes.map((axis) => h("td", { class: axis.isOfWords ? null : "number" }, axis.text(axis.numbers[place])))))))));
  }

  downloads() {
    const name = (ending) => () => fileName(`${KINDS[this.kind].text} ${this.columns().map(labelOf).join(" ")}`, ending);
    const svg = () => {
      const drawing = this.echarts.init(null, null, { renderer: "svg", ssr: true, width: Math.max(this.drawing.clientWidth, 400), height: this.drawing.clientHeight });
      try {
        drawing.setOption({ ...this.option(), tooltip: { show: false } });
        return drawing.renderToSVGString();
      } finally {
        drawing.dispose();
      }
    };
    return downloadMenu(`Download ${KINDS[this.kind].text.toLowerCase()}`, [
      { text: "PNG", name: name("png"), make: () => pngOf(svg()) },
      { text: "SVG", name: name("svg"), make: () => new Blob([svg()], { type: "image/svg+xml" }) },
      {
        text: "CSV", name: name("csv"),
        make: () => new Blob([csvOf([["run_id", "run", ...this.columns()], ...this.runs.map((run) => [run.id, run.name, ...this.columns().map((field) => valueOf(run, field))])])], { type: "text/csv" }),
      },
    ]);
  }
}
