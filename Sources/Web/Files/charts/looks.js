// How ECharts looks here: the colours of the theme, axes of fields, and a tip that is made of elements.
import { h } from "../core/dom.js";
import { themeColours } from "./theme.js";

/** From low to high, told apart without colours by their lightness. */
const RAMP = ["#2a186c", "#14439c", "#206e8b", "#3c9387", "#5ab978", "#aadc32", "#fdea45"];

export function base() {
  const theme = themeColours();
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { color: theme.ink, fontFamily: "system-ui, sans-serif" },
    aria: { enabled: false },
  };
}

/** An axis of a field. */
export function axis(field, where) {
  const theme = themeColours();
  const looks = {
    name: field.name,
    nameLocation: where === "bottom" ? "middle" : "end",
    nameGap: where === "bottom" ? 26 : 12,
    nameTextStyle: { color: theme.inkQuiet, fontSize: 12, fontWeight: "normal", align: where === "bottom" ? "center" : "left" },
    axisLine: { show: true, lineStyle: { color: theme.lineStrong } },
    axisTick: { lineStyle: { color: theme.lineStrong } },
    axisLabel: { color: theme.inkQuiet, fontSize: 12, hideOverlap: true, width: where === "left" ? 120 : 90, overflow: "truncate" },
    splitLine: { lineStyle: { color: theme.line } },
  };
  if (field.isOfWords) return { ...looks, type: "category", data: field.words, splitLine: { show: false } };
  return { ...looks, type: "value", scale: true, axisLabel: { ...looks.axisLabel, formatter: (value) => field.text(value) } };
}

/** The key to the colours of a field. */
export function ramp(field) {
  const theme = themeColours();
  const [min, max] = endsOf(field.numbers);
  return {
    type: "continuous", min, max, calculable: false, right: 4, top: "middle", itemHeight: 150, itemWidth: 12, precision: 6, seriesIndex: [], hoverLink: false,
    text: [field.text(max), field.text(min)], inRange: { color: RAMP }, textStyle: { color: theme.inkQuiet, width: 70, overflow: "truncate" },
  };
}

/** Gives the colour of a number; undefined for none. */
export function rampOf(numbers) {
  const [min, max] = endsOf(numbers);
  return (value) => {
    if (!Number.isFinite(value)) return undefined;
    const at = ((value - min) / (max - min)) * (RAMP.length - 1);
    const low = Math.max(0, Math.min(RAMP.length - 2, Math.floor(at)));
    return mixed(RAMP[low], RAMP[low + 1], Math.max(0, Math.min(1, at - low)));
  };
}

export function endsOf(numbers) {
  const finite = numbers.filter(Number.isFinite);
  const [min, max] = finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  return min === max ? [min - 0.5, max + 0.5] : [min, max];
}

function mixed(from, to, share) {
  const part = (text, place) => parseInt(text.slice(place, place + 2), 16);
  return `rgb(${[1, 3, 5].map((place) => Math.round(part(from, place) * (1 - share) + part(to, place) * share)).join(", ")})`;
}

/** A dot or a bar of a run. */
export function runDot(run, colour) {
  const theme = themeColours();
  return { name: run.id, itemStyle: { color: colour ?? theme.lineStrong, borderColor: theme.paper, borderWidth: 1 }, emphasis: { itemStyle: { borderColor: theme.ink, borderWidth: 2 } } };
}

/** A tip; `of(place, series)` gives the run and what is told of it. Names that users gave stay text. */
export function tip(of) {
  const theme = themeColours();
  return {
    trigger: "item", confine: true, backgroundColor: theme.paper, borderColor: theme.lineStrong, textStyle: { color: theme.ink, fontSize: 12 },
    formatter: ({ dataIndex, seriesIndex, componentType }) => {
      if (componentType !== "series") return "";
      const [run, rows] = of(dataIndex, seriesIndex);
      return h("div", {}, h("strong", {}, run.name), h("table", {}, rows.map(([name, text]) => h("tr", {}, h("td", { class: "quiet" }, name), h("td", { class: "number" }, text)))));
    },
  };
}
