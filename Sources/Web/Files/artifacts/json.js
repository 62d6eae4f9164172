// JSON as a tree whose branches open, or as a table where it is one that MLflow logged.
import { h } from "../core/dom.js";
import { either } from "./either.js";
import { tableOf } from "./table.js";

const MOST_MEMBERS = 500;
const MOST_TEXT = 2_000;

export async function mountJSON(view) {
  const response = await fetch(view.dataset.source);
  if (!response.ok) return;
  let value;
  try { value = exactly(await response.text()); } catch { return; }
  if (isTable(value)) either(view, "Table", tableOf({ columns: value.columns, rows: value.data.map((row) => row.map(plain)), cell: (cell) => cellOf(cell, view.dataset.root) }));
  else either(view, "Tree", h("div", { class: "json" }, node(null, value, true)));
}

/** An integer of more digits than numbers of a browser keep. */
class LongInteger {
  constructor(digits) { this.digits = digits; }
  toJSON() { return JSON.rawJSON?.(this.digits) ?? this.digits; }
}

const MARK = "\u0000integer ";
const STRING_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/gs;

/** A text as JSON; integers that a browser would round keep their digits. */
function exactly(text) {
  // A fraction or an exponent is no integer, though its digits may look like one.
  const marked = text.replace(STRING_OR_LONG_INTEGER, (found, place) => (found[0] === '"' || /[.eE+]/.test(text[place - 1] ?? "") || Number.isSafeInteger(Number(found)) ? found : JSON.stringify(MARK + found)));
  return JSON.parse(marked, (_, value) => (typeof value === "string" && value.startsWith(MARK) ? new LongInteger(value.slice(MARK.length)) : value));
}

const plain = (value) => (value instanceof LongInteger ? value.digits : value);

/** What `mlflow.log_table` writes: `{"columns": […], "data": [[…]]}`. */
function isTable(value) {
  return Array.isArray(value?.columns) && Array.isArray(value.data) && value.data.every((row) => Array.isArray(row));
}

function cellOf(value, root) {
  if (value?.type === "image" && typeof value.filepath === "string") {
    const address = (path) => `${root}/${path.split("/").map(encodeURIComponent).join("/")}`;
    return h("a", { href: address(value.filepath) },
      h("img", { class: "cell-image", loading: "lazy", alt: value.filepath.split("/").pop(), src: address(value.compressed_filepath ?? value.filepath) }));
  }
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}

function node(key, value, isOpen = false) {
  const name = key === null ? null : h("span", { class: "json-key" }, `${key}: `);
  if (typeof value !== "object" || value === null || value instanceof LongInteger) return h("div", { class: "json-leaf" }, name, leaf(value));
  const entries = Array.isArray(value) ? value.map((member, place) => [place, member]) : Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0) return h("div", { class: "json-leaf" }, name, h("span", { class: "quiet" }, Array.isArray(value) ? "[]" : "{}"));
  const branch = h("details", { open: isOpen }, h("summary", {}, name, h("span", { class: "quiet" }, size)));
  const fill = () => {
    if (!branch.open || branch.childElementCount > 1) return;
    branch.append(...entries.slice(0, MOST_MEMBERS).map(([key, member]) => node(key, member)));
    if (entries.length > MOST_MEMBERS) branch.append(h("div", { class: "json-leaf quiet" }, `and ${entries.length - MOST_MEMBERS} more`));
  };
  branch.addEventListener("toggle", fill);
  fill();
  return branch;
}

function leaf(value) {
  if (value instanceof LongInteger) return h("span", { class: "json-number" }, value.digits);
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return h("span", { class: `json-${value === null ? "null" : typeof value}` }, text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
}
