// The box of the filter: completes names, comparisons and values, and shows where a filter is wrong.
import { $$, h, settle } from "../core/dom.js";
import { attributeWords, columnOf } from "./columns.js";
import { conditionOf, placeOf } from "./filters.js";

const FIELD = String.raw`(?:metrics|params|tags|attributes|metric|param|tag|attribute)\.(?:\`[^\`]*\`|"[^"]*"|[^\s=!<>'"\`]+)`;
const VALUE = new RegExp(String.raw`(${FIELD})\s*(=|!=|<=|>=|<|>|LIKE|ILIKE)\s*('[^']*|"[^"]*|[^\s'"]*)$`, "is");
const COMPARATOR = new RegExp(String.raw`(${FIELD})\s+([!=<>]*|[A-Z]*)$`, "is");
const DONE = new RegExp(String.raw`${FIELD}\s*(?:(?:=|!=|<=|>=|<|>|LIKE|ILIKE)\s*(?:'[^']*'|"[^"]*"|-?[\d.]+(?:e[-+]?\d+)?)|IS\s+(?:NOT\s+)?NULL)\s+([A-Z]*)$`, "is");
const MOST = 40;
/** What looks like a part of a name and is no filter. */
const PLAIN_WORD = /^[\p{L}\p{N}_./ -]+$/u;

const TEXT = ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"];
const NUMBER = [">", "<", ">=", "<=", "=", "!="];

/** What may stand at the end of a text: where it begins, and what it may be. */
export function completing(text) {
  let match = DONE.exec(text);
  if (match) return { kind: "word", start: text.length - match[1].length, part: match[1] };
  match = VALUE.exec(text);
  if (match) return { kind: "value", field: match[1], comparator: match[2], start: text.length - match[3].length, part: match[3].replace(/^['"]/, "") };
  match = COMPARATOR.exec(text);
  if (match) return { kind: "comparator", field: match[1], start: text.length - match[2].length, part: match[2] };
  const part = /(?:`[^`]*|[^\s()`])*$/.exec(text)[0];
  return { kind: "name", start: text.length - part.length, part };
}

const isNumeric = (field) => /^metrics?\./i.test(field) || /^attributes?\.(start_time|end_time)$/.test(field);

/** The box; `names()` and `values(field)` ask the server, `apply(text)` filters. */
export function filterBox({ value, names, values, apply }) {
  const list = h("ul", { class: "completions", id: "completions", role: "listbox", "aria-label": "Completions", hidden: true });
  const input = h("input", {
    type: "search", name: "filter", value, "aria-label": "Filter runs", placeholder: "metrics.accuracy > 0.9 AND params.lr = '0.1'", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
    role: "combobox", "aria-expanded": "false", "aria-controls": "completions", "aria-autocomplete": "list", "aria-keyshortcuts": "/", "aria-describedby": "filter-wrong",
  });
  const wrong = h("div", { class: "filter-wrong", id: "filter-wrong", role: "alert", hidden: true });
  const element = h("form", { class: "filter-box", role: "search" }, input, list, wrong);
  let chosen = -1;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const options = $$("li", list);
    chosen = (place + options.length + 1) % (options.length + 1);
    if (chosen === options.length) chosen = -1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    if (chosen < 0) return input.removeAttribute("aria-activedescendant");
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };

  const take = (place, text) => {
    const rest = input.value.slice(input.selectionStart);
    const before = input.value.slice(0, place.start) + text;
    input.value = before + rest.replace(/^\S*/, (word) => (place.kind === "name" ? "" : word));
    input.setSelectionRange(before.length, before.length);
    input.focus();
    suggest();
  };

  const show = (place, suggestions) => {
    chosen = -1;
    list.replaceChildren(...suggestions.slice(0, MOST).map(({ text, label, hint }, index) => h(
      "li",
      { role: "option", id: `completion-${index}`, "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); take(place, text); } },
      h("span", { class: "clip" }, label ?? text), h("span", { class: "quiet small" }, hint ?? ""),
    )));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(suggestions.length > 0));
  };

  async function suggest() {
    const turn = ++asked;
    const place = completing(input.value.slice(0, input.selectionStart));
    const part = place.part.toLowerCase();
    const found = await suggestionsFor(place, part).catch(() => []);
    if (turn !== asked || document.activeElement !== input) return;
    show(place, found);
  }

  async function suggestionsFor(place, part) {
    if (place.kind === "word") return ["AND", "OR"].filter((word) => word.toLowerCase().startsWith(part)).map((word) => ({ text: `${word} ` }));
    if (place.kind === "comparator") return (isNumeric(place.field) ? NUMBER : TEXT).filter((word) => word.toLowerCase().startsWith(part)).map((word) => ({ text: `${word} ` }));
    if (place.kind === "value") {
      if (isNumeric(place.field)) return [];
      const counted = await values(place.field.replace(/^(metric|param|tag|attribute)\./i, "$1s."));
      return counted.filter(([text]) => text !== null && text.toLowerCase().includes(part))
        .map(([text, count]) => ({ text: `${conditionOf("", text).replace(/^ (= |LIKE )/, "")} `, label: text, hint: String(count) }));
    }
    const attributes = attributeWords.map(columnOf).filter((column) => column.field?.startsWith("attributes.")).map((column) => ({ text: column.field, hint: "attribute" }));
    const known = (await names()).names.map(([word, count]) => ({ column: columnOf(word), count })).filter(({ column }) => column?.field)
      .map(({ column, count }) => ({ text: column.field, hint: `${count}` }));
    return [...known, ...attributes].filter(({ text }) => text.toLowerCase().replace(/`/g, "").includes(part.replace(/`/g, "")))
      .map((one) => ({ ...one, text: `${one.text} `, label: one.text }));
  }

  const suggestSoon = settle(suggest, 80);
  input.addEventListener("input", suggestSoon);
  input.addEventListener("click", suggestSoon);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) suggest();
      else choose(chosen < 0 && event.key === "ArrowUp" ? $$("li", list).length - 1 : chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
      event.preventDefault();
      $$("li", list)[chosen].dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    } else if (event.key === "Escape") {
      // The browser's own way would empty the box, and with it the filter.
      event.preventDefault();
      event.stopPropagation();
      if (list.hidden) input.blur();
      else close();
    }
  });
  input.addEventListener("search", () => { if (input.value === "") apply(""); });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    asked++;
    apply(input.value.trim());
  });

  return {
    element,
    focus: () => input.focus(),
    get value() { return input.value; },
    set value(text) { input.value = text; },
    /** Says what is wrong, below the box, with the place marked; null for nothing. */
    fail(message) {
      wrong.hidden = message === null;
      input.setAttribute("aria-invalid", String(message !== null));
      if (message === null) return wrong.replaceChildren();
      const place = placeOf(message, input.value.trim());
      wrong.replaceChildren(...(place
        ? [h("p", {}, place.text), h("code", {}, place.before, h("mark", {}, place.at), place.after)]
        : [h("p", {}, message)]));
      const word = input.value.trim();
      if (PLAIN_WORD.test(word)) wrong.append(h("button", { type: "button", class: "button small", onclick: () => apply(`attributes.run_name LIKE '%${word}%'`) }, `Runs with “${word}” in their name`));
    },
  };
}
