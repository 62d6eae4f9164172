// The panel that chooses columns: by search, by group of names, all, none, or those that differ.
import { $, $$, h } from "../core/dom.js";
import { attributeWords, CHOICES, columnOf } from "./columns.js";
import { openPopup } from "../core/popup.js";
import { toast } from "../core/toast.js";

const MOST_LISTED = 400;
const MOST_SHOWN = 200;

const LABELS = { attribute: "Attributes", metric: "Metrics", param: "Params", tag: "Tags" };

/** The part of a name before its last slash, by which names belong together. */
const prefixOf = (key) => (key.includes("/") ? key.slice(0, key.lastIndexOf("/") + 1) : "");

/** Opens the panel; `shown()` are the columns now, `change(columns)` shows others. */
export async function openChooser(anchor, { names, shown, change }) {
  const search = h("input", { type: "search", placeholder: "Find columns", "aria-label": "Find columns" });
  const list = h("div", { class: "chooser-list" }, h("p", { class: "quiet" }, "Reading the names…"));
  const button = (label, act) => h("button", { type: "button", class: "button small", onclick: act }, label);
  const panel = h(
    "div", { class: "chooser", role: "dialog", "aria-label": "Columns" }, search,
    h("div", { class: "row" }, button("Show all", () => showAll(true)), button("Hide all", () => showAll(false)), button("Only differing", onlyDiffering)),
    list,
  );
  openPopup(anchor, panel, { alignEnd: true });
  search.focus();
  const known = await names();
  const differing = new Map(known.names.map(([word, , differs]) => [word, differs]));
  const all = [...attributeWords, ...known.names.map(([word]) => word)].map(columnOf).filter(Boolean);
  for (const column of shown()) if (!all.some((other) => other.word === column.word)) all.push(column);

  const matching = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return all.filter((column) => words.every((word) => column.label.toLowerCase().includes(word)));
  };
  const isShown = (column) => shown().some((other) => other.word === column.word);
  const show = (columns, isOn) => {
    const words = new Set(columns.map((column) => column.word));
    change(isOn ? [...shown(), ...columns.filter((column) => !isShown(column))] : shown().filter((column) => !words.has(column.word) || column.key === "name" && column.kind === "attribute"));
    draw();
  };
  function showAll(isOn) { show(matching(), isOn); }
  function onlyDiffering() {
    const kept = shown().filter((column) => column.kind === "attribute" || differing.get(column.word) !== false);
    const added = all.filter((column) => column.kind !== "attribute" && column.kind !== "tag" && differing.get(column.word) && !isShown(column));
    change([...kept, ...added].slice(0, MOST_SHOWN));
    if (kept.length + added.length > MOST_SHOWN) toast(`The first ${MOST_SHOWN} of ${kept.length + added.length} columns are shown`);
    draw();
  }

  /** What is shown of a metric, beside its name. */
  function choices(column) {
    if (column.kind !== "metric") return [];
    return shown().filter((other) => other.word === column.word).flatMap(choicesOf);
  }

  function choicesOf(now, place) {
    const label = place === 0 ? now.label : `${now.label}, column ${place + 1}`;
    const choose = (changes) => {
      const { length } = shown();
      Object.assign(now, changes);
      change([...shown()]);
      if (shown().length < length) draw();
    };
    const line = h("input", { type: "checkbox", onchange: (event) => choose({ spark: event.target.checked, width: event.target.checked ? Math.max(now.width, 150) : now.width }) });
    line.checked = now.spark;
    return [
      h("select", { "aria-label": `What of ${label}`, onchange: (event) => choose({ choice: event.target.value }) }, CHOICES.map((choice) => h("option", { value: choice, selected: choice === now.choice }, choice))),
      h("label", { class: "small", title: `The course of ${label}` }, line, h("span", {}, "line")),
    ];
  }

  function draw() {
    const open = new Set($$("details[open]", list).map((details) => details.dataset.group));
    const isSearched = search.value !== "";
    const groups = Map.groupBy(matching(), (column) => `${LABELS[column.kind]} ${column.kind === "attribute" ? "" : prefixOf(column.key)}`.trim());
    list.replaceChildren(...[...groups].map(([label, columns]) => {
      const count = columns.filter(isShown).length;
      const every = h("input", { type: "checkbox", "aria-label": `All of ${label}`, onclick: (event) => show(columns, event.target.checked) });
      every.checked = count === columns.length;
      every.indeterminate = count > 0 && count < columns.length;
      const isOpen = isSearched || open.has(label) || (open.size === 0 && !label.includes("/") && columns.length <= 60);
      const rows = h("details", { open: isOpen, dataset: { group: label } }, h("summary", {}, h("b", { class: "clip" }, label), h("span", { class: "quiet small" }, `${count} of ${columns.length}`)),
        ...columns.slice(0, MOST_LISTED).map((column) => {
          const box = h("input", { type: "checkbox", onchange: (event) => show([column], event.target.checked) });
          box.checked = isShown(column);
          const name = h("label", { class: "chooser-row" }, box, h("span", { class: "clip" }, column.label), differing.get(column.word) === false ? h("span", { class: "quiet small" }, "alike") : null);
          return h("div", { class: "chooser-line" }, name, ...choices(column));
        }), columns.length > MOST_LISTED ? h("p", { class: "quiet small" }, `… and ${columns.length - MOST_LISTED} more: find them by their names`) : null);
      return h("div", { class: "chooser-group" }, h("label", {}, every), rows);
    }));
    if (groups.size === 0) list.append(h("p", { class: "quiet" }, "No column has such a name."));
  }

  search.addEventListener("input", draw);
  draw();
  $("input", panel).focus();
}
