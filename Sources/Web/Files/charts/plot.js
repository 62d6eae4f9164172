// One chart on the page: axes, cursor and zoom by uPlot; where that is not installed, a drawing that stands still.
import { canvasPen, drawLines } from "./draw.js";
import { marksOf, scaleOf } from "./scene.js";
import { svgOf } from "./svg.js";
import { themeColours } from "./theme.js";

const FONT = "12px system-ui, sans-serif";

/** `told`: `onCursor(x, y, isHere)`, `onZoom(x, y)`, `onReset()`, `onClick()`. */
export function makePlot(host, options, told) {
  return globalThis.uPlot ? new LivePlot(host, options, told) : new StillPlot(host, options);
}

class LivePlot {
  constructor(host, { height, sync = null, isSmall = false }, told) {
    Object.assign(this, { host, height, sync, isSmall, told, scene: null, pointed: null, plot: null });
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
  }

  show(scene, pointed = null) {
    const shape = (scene) => `${scene.x.isLog} ${scene.y.isLog}`;
    const isNew = !this.plot || shape(scene) !== shape(this.scene);
    this.scene = scene;
    this.pointed = pointed;
    if (isNew) this.build();
    else this.plot.setData(this.frame(), true);
  }

  point(id) {
    this.pointed = id;
    this.plot?.redraw(false, false);
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    const width = this.host.clientWidth;
    if (width === 0) return;
    const theme = themeColours();
    const quiet = { stroke: theme.inkQuiet, font: FONT, filter: all, ticks: { stroke: theme.line, width: 1, size: 4, filter: all } };
    const scale = (name) => ({ time: false, distr: this.scene[name].isLog ? 3 : 1, range: () => [this.scene[name].min, this.scene[name].max] });
    const marks = (name, pixels, each) => marksOf(this.scene[name], pixels, each);
    const texts = (name) => (plot, places) => {
      const known = new Map(this.marks[name].map((mark) => [mark.at, mark.text]));
      return places.map((place) => known.get(place) ?? "");
    };
    this.marks = { x: [], y: [] };
    const splits = (name, pixels, each) => () => {
      this.marks[name] = marks(name, pixels(), each);
      return this.marks[name].map((mark) => mark.at);
    };
    this.plot = new uPlot({
      width,
      height: this.height,
      padding: [8, 14, 0, 0],
      legend: { show: false },
      cursor: {
        points: { show: false },
        drag: { x: true, y: true, uni: 24, dist: 5, setScale: false },
        bind: { dblclick: () => () => { this.told.onReset(); return null; } },
        ...(this.sync ? { sync: { key: this.sync, setSeries: false, scales: ["x", null], filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } } } : {}),
      },
      scales: { x: scale("x"), y: scale("y") },
      axes: [
        { ...quiet, scale: "x", splits: splits("x", () => this.host.clientWidth - 70, this.isSmall ? 62 : 96), values: texts("x"), grid: { show: false }, size: 30 },
        {
          ...quiet, scale: "y", splits: splits("y", () => this.height - 50, this.isSmall ? 30 : 40), values: texts("y"),
          grid: { stroke: theme.line, width: 1, filter: all },
          size: (plot, values) => 16 + Math.max(2, ...(values ?? []).map((text) => text.length)) * 6.9,
        },
      ],
      series: [{}, { scale: "y", paths: () => null, points: { show: false } }],
      hooks: { draw: [(plot) => this.draw(plot)], setCursor: [(plot) => this.tellCursor(plot)], setSelect: [(plot) => this.tellZoom(plot)] },
    }, this.frame(), this.host);
    this.plot.over.addEventListener("click", (event) => { if (!this.wasDragged) this.told.onClick(event); });
    this.plot.over.addEventListener("mousedown", () => { this.wasDragged = false; });
  }

  frame() {
    const { x, y } = this.scene;
    return [[x.min, x.max], [y.min, y.max]];
  }

  draw(plot) {
    const { left, top, width, height } = plot.bbox;
    const context = plot.ctx;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    drawLines(this.scene, canvasPen(context), scaleOf(this.scene.x, left, width), scaleOf(this.scene.y, top + height, -height), plot.bbox, this.pointed, devicePixelRatio);
    context.restore();
  }

  tellCursor(plot) {
    const { left, top } = plot.cursor;
    if (left === undefined || left < 0) this.told.onCursor(null, null, false);
    else this.told.onCursor(plot.posToVal(left, "x"), plot.posToVal(top, "y"), plot.over.matches(":hover"));
  }

  tellZoom(plot) {
    const { left, top, width, height } = plot.select;
    if (width < 3 && height < 3) return;
    this.wasDragged = true;
    const { offsetWidth, offsetHeight } = plot.over;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const x = width < offsetWidth ? [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")] : null;
    const y = height < offsetHeight ? [plot.posToVal(top + height, "y"), plot.posToVal(top, "y")] : null;
    this.told.onZoom(x, y);
  }

  /** Puts the cursor at a place of the axes. */
  setCursor(x, y) {
    this.plot?.setCursor({ left: this.plot.valToPos(x, "x"), top: Number.isFinite(y) ? this.plot.valToPos(y, "y") : 10 });
  }

  /** Where a place of the axes is, in pixels of the host. */
  placeOf(x, y) {
    if (!this.plot) return null;
    const over = this.plot.over;
    return { left: over.offsetLeft + this.plot.valToPos(x, "x"), top: over.offsetTop + this.plot.valToPos(y, "y"), width: this.host.clientWidth };
  }

  resize() {
    if (!this.scene) return;
    if (!this.plot) this.build();
    else if (this.host.clientWidth > 0 && this.host.clientWidth !== this.plot.width) this.plot.setSize({ width: this.host.clientWidth, height: this.height });
  }

  restyle() { if (this.scene) this.build(); }

  destroy() {
    this.sizes.disconnect();
    this.plot?.destroy();
  }
}

const all = (plot, places) => places;

class StillPlot {
  constructor(host, { height }) { Object.assign(this, { host, height, scene: null, pointed: null }); }

  show(scene, pointed = null) {
    this.scene = scene;
    this.pointed = pointed;
    // Security: the text comes from svgOf, which escapes what it is given.
    this.host.innerHTML = svgOf(scene, { width: Math.max(this.host.clientWidth, 280), height: this.height, title: "", hasLegend: false, pointed });
  }

  point(id) { if (this.scene) this.show(this.scene, id); }
  restyle() { if (this.scene) this.show(this.scene, this.pointed); }
  setCursor() { /* It stands still. */ }
  placeOf() { return null; }
  destroy() { this.host.replaceChildren(); }
}
