// What stands in a cell.
import { h } from "../core/dom.js";
import { base } from "../core/place.js";
import { agoOf, dateOf, momentOf, nameOf, numberOf, spanOf } from "../core/format.js";
import { variableOf } from "../core/colours.js";
import { choiceOf, isNumeric } from "./columns.js";

export const addressOf = (row) => `${base}/runs/${encodeURIComponent(row.id)}`;

/** The value as it was logged; null for none. */
export function valueOf(column, row) {
  if (column.kind !== "attribute") return row.values[column.word] ?? null;
  switch (column.key) {
    case "created": return row.start;
    case "duration": return row.end === null ? null : Math.max(0, row.end - row.start);
    case "name": case "status": case "user": case "id": return row[column.key];
    default: return row.values[column.word] ?? null;
  }
}

/** The value as it is read. */
export function textOf(column, row) {
  const value = valueOf(column, row);
  if (value === null) return "";
  if (column.kind === "metric") return numberOf(value);
  if (column.key === "created" && column.kind === "attribute") return dateOf(value);
  if (column.key === "duration" && column.kind === "attribute") return spanOf(value);
  return String(value);
}

function nameCell(row, { isTree, hasChildren, isOpen, toggle, depth }) {
  const label = nameOf(row.name, row.id);
  return [
    isTree ? h("span", { class: "indent", style: { width: `${depth * 18}px` } }) : null,
    isTree ? (hasChildren
      ? h("button", { type: "button", class: "expander", tabindex: "-1", "aria-label": isOpen ? `Close ${label}` : `Open ${label}`, "aria-expanded": String(isOpen), onclick: (event) => { event.stopPropagation(); toggle(); } }, isOpen ? "▾" : "▸")
      : h("span", { class: "expander" })) : null,
    h("span", { class: "swatch", style: { background: variableOf(row.id) } }),
    h("span", { class: `dot ${row.status.toLowerCase()}`, role: "img", "aria-label": row.status.toLowerCase(), title: row.status.toLowerCase() }),
    h("a", { href: addressOf(row), tabindex: "-1", class: "clip" }, h("bdi", {}, label)),
    row.stage === "deleted" ? h("span", { class: "badge bad" }, "deleted") : null,
  ];
}

/** The content of a cell; `view` tells how its row stands in the table. */
export function contentOf(column, row, view) {
  if (column.kind === "attribute") {
    switch (column.key) {
      case "name": return nameCell(row, view);
      case "created": return [h("time", { title: momentOf(row.start) }, agoOf(row.start))];
      case "duration": {
        if (row.end !== null) return [spanOf(Math.max(0, row.end - row.start))];
        return row.status === "RUNNING" ? [h("span", { class: "quiet" }, spanOf(Math.max(0, Date.now() - row.start)))] : [];
      }
      case "status": return [h("span", { class: `dot ${row.status.toLowerCase()}`, "aria-hidden": "true" }), row.status.toLowerCase()];
      case "version": return [(row.values[column.word] ?? "").slice(0, 10)];
      default: return [textOf(column, row)];
    }
  }
  if (column.kind === "metric") return metricCell(column, row, view);
  const value = row.values[column.word];
  if (value === null || value === undefined) return [];
  return isNumeric(column) ? [alignedNumber(column, paramNumber(value))] : [value.length > 300 ? `${value.slice(0, 300)}…` : value];
}

/** A param as metrics are written; whole numbers such as seeds and dates keep every digit. */
const paramNumber = (text) => (/^[-+]?\d+$/.test(text) ? text : numberOf(text));

/** What a cell says of its value when it is pointed at: all digits of a number, and a text that may be cut. */
export function titleOf(column, row, { history }) {
  if (column.kind === "attribute" && column.key === "name") return null;
  if (column.kind === "attribute" && column.key === "created") return momentOf(row.start);
  if (column.kind !== "metric") return textOf(column, row) || null;
  const value = shownOf(column, row, history);
  if (value === null || value === undefined) return null;
  return Math.abs(value) < Number.MAX_VALUE ? String(value) : numberOf(value);
}

/** The value of a metric that a cell shows: the last, the least or the greatest; nothing before its history was read. */
export function shownOf(column, row, history) {
  const choice = choiceOf(column);
  return choice === "last" ? row.values[column.word] : history(row, column)?.[choice];
}

/** A number whose fraction has a place of its own, so that points stand one below another; the column notes the longest. */
function alignedNumber(column, text) {
  const point = text.search(/[.e]/);
  const [whole, fraction] = point < 0 ? [text, ""] : [text.slice(0, point), text.slice(point)];
  column.fraction = Math.max(column.fraction ?? 0, fraction.length);
  const aligned = h("span", { class: "aligned" }, whole, h("span", { class: "fraction" }, fraction));
  aligned.style.setProperty("--whole", whole.length);
  return aligned;
}

const WIDTH_OF_ENDS = 170;

/** What the runs of a group have of a metric: the mean and, where there is room, from where to where they reach. */
export function summaryOf(column, { count, mean, least, greatest }, isHigh) {
  return [count > 1 && (isHigh || column.width >= WIDTH_OF_ENDS) ? h("span", { class: "ends quiet" }, `${numberOf(least, 3)} – ${numberOf(greatest, 3)}`) : null, alignedNumber(column, numberOf(mean))];
}

function metricCell(column, row, { history }) {
  const choice = choiceOf(column);
  const known = choice === "last" && !column.spark ? null : history(row, column);
  const value = shownOf(column, row, history);
  const shown = value === null || value === undefined ? (choice !== "last" && known === undefined && row.values[column.word] !== null ? "…" : "") : numberOf(value);
  const isNear = choice !== "last" && known && !known.isExact;
  return [column.spark && known?.points?.length > 1 ? sparkOf(known.points, row) : null, h("span", { title: isNear ? "By 1 000 points of the history" : null }, isNear ? "≈ " : null, alignedNumber(column, shown))];
}

const SVG = "http://www.w3.org/2000/svg";

/** Infinities are stored as the largest numbers. */
const isNumber = (point) => Math.abs(point) < Number.MAX_VALUE;

function sparkOf(points, row) {
  const numbers = points.filter(isNumber);
  const low = Math.min(...numbers);
  const span = Math.max(...numbers) - low || 1;
  const line = points.map((point, place) => (isNumber(point) ? `${(place / (points.length - 1) * 58 + 1).toFixed(1)},${(17 - (point - low) / span * 14).toFixed(1)}` : "")).filter(Boolean).join(" ");
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "spark");
  drawing.setAttribute("viewBox", "0 0 60 20");
  drawing.setAttribute("aria-hidden", "true");
  const polyline = document.createElementNS(SVG, "polyline");
  polyline.setAttribute("points", line);
  polyline.style.stroke = variableOf(row.id);
  drawing.append(polyline);
  return drawing;
}
