// The kinds of panels beside lines: what each asks for, and what it hands to ECharts.
import { contour } from "./contour.js";
import { axisOf, isVaried, valueOf } from "./fields.js";
import { quantile } from "./maths.js";
import { axis, base, ramp, rampOf, runDot, tip } from "./looks.js";

const first = (fields, runs, place = 0) => {
  const varied = fields.filter((field) => isVaried(runs, field) && !field.startsWith("metrics.system/"));
  return varied[place] ?? varied[0] ?? fields[place] ?? fields[0];
};

/** Numbers before words: a text has a place on an axis, but says little there. */
const numbersFirst = (fields, runs) => {
  const isOfWords = new Map(fields.map((field) => [field, axisOf(runs, field).isOfWords]));
  return [...fields].sort((a, b) => isOfWords.get(a) - isOfWords.get(b));
};

const MOST_GROUPS = 12;

/** What puts runs into a few groups, before what tells nearly each of them apart. */
const fewFirst = (fields, runs) => {
  const count = new Map(fields.map((field) => [field, new Set(runs.map((run) => valueOf(run, field))).size]));
  return [...fields].sort((a, b) => (count.get(a) > MOST_GROUPS) - (count.get(b) > MOST_GROUPS));
};

/** By name; `isWide`: whether it takes the whole width; `choices` are what a person chooses, `begin` what is chosen at first, `draw` makes the options of ECharts. */
export const KINDS = {
  scatter: {
    text: "Scatter",
    choices: [["x", "X"], ["y", "Y"], ["colour", "Colour", true]],
    begin: (fields, runs) => ({ x: first(numbersFirst([...fields.params, "attributes.duration"], runs), runs), y: first(fields.metrics, runs) ?? "attributes.duration", colour: "" }),
    draw: scatter,
  },
  parallel: {
    text: "Parallel coordinates",
    isWide: true,
    choices: [["axes", "Axes", false, true], ["colour", "Colour"]],
    begin: (fields, runs) => ({
      axes: [...fields.params.filter((field) => isVaried(runs, field)).slice(0, 6), ...fields.metrics.filter((field) => isVaried(runs, field) && !field.startsWith("metrics.system/")).slice(0, 3)].join("\n") || "attributes.duration",
      colour: first(fields.metrics, runs) ?? "attributes.duration",
    }),
    draw: parallel,
  },
  contour: {
    text: "Contour",
    choices: [["x", "X"], ["y", "Y"], ["z", "Height"]],
    begin: (fields, runs) => {
      const numeric = [...fields.params, ...fields.metrics].filter((field) => !axisOf(runs, field).isOfWords);
      return { x: first(numeric, runs), y: first(numeric, runs, 1), z: first(fields.metrics, runs) ?? "attributes.duration" };
    },
    draw: contour,
  },
  bar: {
    text: "Bars",
    choices: [["y", "Value"]],
    begin: (fields, runs) => ({ y: first(fields.metrics, runs) ?? "attributes.duration" }),
    draw: bar,
  },
  box: {
    text: "Boxes",
    choices: [["y", "Value"], ["x", "Group by"]],
    begin: (fields, runs) => ({ y: first(fields.metrics, runs) ?? "attributes.duration", x: first(fewFirst([...fields.params, "attributes.status"], runs), runs) }),
    draw: box,
  },
};

function scatter({ runs, styles, chosen }) {
  const [x, y] = [axisOf(runs, chosen.x), axisOf(runs, chosen.y)];
  const colour = chosen.colour ? axisOf(runs, chosen.colour) : null;
  const toColour = colour ? rampOf(colour.numbers) : null;
  return {
    ...base(),
    grid: { left: 12, right: colour ? 84 : 24, top: 30, bottom: 34, containLabel: true },
    xAxis: axis(x, "bottom"),
    yAxis: axis(y, "left"),
    ...(colour ? { visualMap: ramp(colour) } : {}),
    tooltip: tip((place) => [runs[place], [x, y, ...(colour ? [colour] : [])].map((axis) => [axis.name, axis.text(axis.numbers[place])])]),
    series: [{
      type: "scatter", symbolSize: 11,
      data: runs.map((run, place) => ({ value: [x.numbers[place], y.numbers[place]], ...runDot(run, toColour ? toColour(colour.numbers[place]) : styles.get(run.id)?.colour) })),
      emphasis: { scale: 1.7 },
    }],
  };
}

function parallel({ runs, styles, chosen }) {
  const axes = chosen.axes.split("\n").filter(Boolean).map((field) => axisOf(runs, field));
  const colour = axisOf(runs, chosen.colour);
  const toColour = rampOf(colour.numbers);
  const looks = axis({ ...colour, isOfWords: true, words: [] }, "left");
  return {
    ...base(),
    parallel: { left: 40, right: 110, top: 46, bottom: 28, parallelAxisDefault: { nameLocation: "end", nameGap: 14, nameTextStyle: looks.nameTextStyle, nameTruncate: { maxWidth: 110 }, axisLine: looks.axisLine, axisLabel: looks.axisLabel, areaSelectStyle: { width: 16, opacity: 0.25 } } },
    parallelAxis: axes.map((one, dim) => ({
      dim, name: one.name,
      ...(one.isOfWords ? { type: "category", data: one.words.length > 0 ? one.words : ["none"] } : { type: "value", scale: true, axisLabel: { ...looks.axisLabel, formatter: one.text } }),
    })),
    visualMap: ramp(colour),
    tooltip: tip((place) => [runs[place], [...axes, colour].map((one) => [one.name, one.text(one.numbers[place])])]),
    series: [{
      type: "parallel", smooth: false, inactiveOpacity: 0.06, activeOpacity: 0.9,
      data: runs.map((run, place) => ({
        value: axes.map((one) => (Number.isFinite(one.numbers[place]) ? (one.isOfWords ? one.words[one.numbers[place]] : one.numbers[place]) : "-")),
        name: run.id,
        lineStyle: { color: toColour(colour.numbers[place]) ?? styles.get(run.id)?.colour, width: 1.6, opacity: 0.85 },
      })),
    }],
  };
}

function bar({ runs, styles, chosen }) {
  const y = axisOf(runs, chosen.y);
  const order = runs.map((_, place) => place).filter((place) => Number.isFinite(y.numbers[place])).sort((a, b) => y.numbers[b] - y.numbers[a]);
  const names = { field: "", name: "", isOfWords: true, words: order.map((place) => runs[place].name) };
  return {
    ...base(),
    grid: { left: 12, right: 28, top: 30, bottom: 12, containLabel: true },
    // Bars are read by their length, so they begin at nought.
    xAxis: { ...axis(y, "bottom"), name: "", scale: false },
    yAxis: { ...axis(names, "left"), inverse: true, axisTick: { show: false } },
    title: { text: y.name, textStyle: axis(y, "left").nameTextStyle, left: 8, top: 2 },
    dataZoom: order.length > 24 ? [{ type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "shift", moveOnMouseWheel: true, startValue: 0, endValue: 23 }, { type: "slider", yAxisIndex: 0, width: 12, right: 4, startValue: 0, endValue: 23, showDetail: false, brushSelect: false }] : [],
    tooltip: tip((place) => [runs[order[place]], [[y.name, y.text(y.numbers[order[place]])]]]),
    series: [{ type: "bar", barMaxWidth: 22, data: order.map((place) => ({ value: y.numbers[place], ...runDot(runs[place], styles.get(runs[place].id)?.colour) })) }],
  };
}

function box({ runs, styles, chosen }) {
  const y = axisOf(runs, chosen.y);
  const group = axisOf(runs, chosen.x);
  const texts = group.numbers.map((number) => (Number.isFinite(number) ? group.text(number) : "none"));
  const names = [...new Set(texts)].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const places = names.map((name) => runs.map((_, place) => place).filter((place) => texts[place] === name && Number.isFinite(y.numbers[place])));
  const boxes = places.map((members) => {
    const sorted = members.map((place) => y.numbers[place]).sort((a, b) => a - b);
    return [0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share));
  });
  const looks = axis(group, "bottom");
  return {
    ...base(),
    grid: { left: 12, right: 24, top: 30, bottom: 34, containLabel: true },
    xAxis: { ...axis({ ...group, isOfWords: true, words: names }, "bottom") },
    yAxis: axis(y, "left"),
    tooltip: tip((place, series) => {
      if (series === 0) return [{ id: "", name: `${group.name} ${names[place]}, ${places[place].length} runs` }, ["lowest", "quarter", "median", "three quarters", "highest"].map((text, at) => [text, y.text(boxes[place][at])])];
      const run = places.flat()[place];
      return [runs[run], [[y.name, y.text(y.numbers[run])]]];
    }),
    series: [
      { type: "boxplot", data: boxes, itemStyle: { color: "transparent", borderColor: looks.nameTextStyle.color, borderWidth: 1.4 } },
      { type: "scatter", symbolSize: 7, data: places.flatMap((members, at) => members.map((place) => ({ value: [at, y.numbers[place]], ...runDot(runs[place], styles.get(runs[place].id)?.colour) }))) },
    ],
  };
}
