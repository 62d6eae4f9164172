// One dialog that finds things and does what the page can do.
import { ask } from "../core/api.js";
import { h, settle } from "../core/dom.js";
import { base, person, root } from "../core/place.js";
import { allCommands } from "./commands.js";
import { fit } from "./fuzzy.js";
import { recentThings, remember } from "./recent.js";

const MOST_ROWS = 40;
const WAIT_MS = 60;

const input = h("input", {
  type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
  "aria-label": "Find or do", placeholder: "Find or do …", autocomplete: "off", spellcheck: "false",
});
const list = h("ul", { id: "palette-list", role: "listbox", "aria-label": "What fits" });
const said = h("p", { class: "visually-hidden", role: "status" });
const dialog = h("dialog", { class: "palette", "aria-label": "Find or do" }, input, list, said,
  h("p", { class: "palette-keys", "aria-hidden": "true" }, h("kbd", {}, "↑↓"), " choose ", h("kbd", {}, "Enter"), " open ", h("kbd", {}, "Ctrl Enter"), " in a new tab ", h("kbd", {}, "Esc"), " close"));
document.body.append(dialog);
const sheet = h("link", { rel: "stylesheet", href: new URL("palette.css", import.meta.url).href });
await new Promise((loaded) => {
  sheet.addEventListener("load", loaded);
  sheet.addEventListener("error", loaded);
  document.head.append(sheet);
});

let rows = [];
let chosen = 0;
let found = { wanted: "", things: [] };
let request = null;
// Whether somebody has chosen by hand, which what is found later leaves alone.
let hasMoved = false;

/** What can be chosen for what is typed, the best first. */
function candidates(wanted) {
  const recent = recentThings();
  const things = new Map();
  for (const one of recent) things.set(one.address, { ...one, bonus: 40 });
  for (const one of found.things) things.set(one.address, { ...one, bonus: things.has(one.address) ? 40 : 0, isFound: true });
  const commands = allCommands().map((command) => ({ kind: command.group, title: command.title, note: "", keys: command.keys, run: command.run, bonus: wanted ? 5 : 0 }));
  const all = [...things.values(), ...commands];
  if (!wanted) return [...recent.slice(0, 8), ...commands, ...found.things.filter((one) => !recent.some((other) => other.address === one.address))];
  return all
    // What the server found by an id fits without its letters.
    .map((one) => ({ ...one, fit: fit(wanted, one.title) ?? (one.isFound ? { score: 0, places: [] } : null) }))
    .filter((one) => one.fit)
    .sort((a, b) => b.fit.score + b.bonus - a.fit.score - a.bonus);
}

function marked(title, places) {
  if (!places?.length) return [title];
  const wanted = new Set(places);
  const pieces = [];
  let place = 0;
  for (const letter of title) {
    pieces.push(wanted.has(place) ? h("mark", {}, letter) : letter);
    place += letter.length;
  }
  return pieces;
}

function row(one, place) {
  return h("li", { role: "option", id: `palette-${place}`, "aria-selected": "false", onclick: (event) => open(one, event.ctrlKey || event.metaKey), onmousemove: () => { hasMoved = true; choose(place); } },
    h("span", { class: "palette-kind" }, one.kind),
    h("span", { class: "palette-title" }, marked(one.title, one.fit?.places)),
    one.note ? h("span", { class: "palette-note" }, one.note) : null,
    one.keys ? h("kbd", {}, one.keys) : null);
}

function show() {
  rows = candidates(input.value.trim()).slice(0, MOST_ROWS);
  list.replaceChildren(...(rows.length ? rows.map(row) : [h("li", { class: "palette-nothing", role: "option", "aria-disabled": "true" }, "Nothing fits")]));
  said.textContent = rows.length === 1 ? "1 thing fits" : `${rows.length} things fit`;
  choose(0);
}

function choose(place) {
  chosen = rows.length ? (place + rows.length) % rows.length : 0;
  for (const [at, element] of [...list.children].entries()) element.setAttribute("aria-selected", String(rows.length > 0 && at === chosen));
  const element = rows.length ? list.children[chosen] : null;
  if (element) input.setAttribute("aria-activedescendant", element.id);
  else input.removeAttribute("aria-activedescendant");
  element?.scrollIntoView({ block: "nearest" });
}

function open(one, isApart) {
  dialog.close();
  if (one.run) return one.run();
  remember(one);
  if (isApart) window.open(one.address, "_blank");
  else location.assign(one.address);
}

const quiet = (promise) => promise.then((answer) => answer.found, () => []);

async function look() {
  const wanted = input.value.trim();
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const query = `?q=${encodeURIComponent(wanted)}`;
  // Who may not read the workspace still finds repositories.
  const lists = await Promise.all([
    person || base !== root ? quiet(ask("GET", `${base}/-/find.json${query}`, undefined, { signal })) : [],
    quiet(ask("GET", `${root}/-/repositories.json${query}`, undefined, { signal })),
  ]);
  if (signal.aborted) return;
  found = { wanted, things: lists.flat() };
  const kept = hasMoved ? rows[chosen] : null;
  show();
  const place = rows.findIndex((one) => one.address ? one.address === kept?.address : one.title === kept?.title && one.run);
  if (kept && place > 0) choose(place);
}

const lookSoon = settle(look, WAIT_MS);

input.addEventListener("input", () => {
  hasMoved = false;
  show();
  lookSoon();
});
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Home" && event.ctrlKey) choose(0);
  else if (event.key === "End" && event.ctrlKey) choose(rows.length - 1);
  else if (event.key === "Enter" && rows[chosen]) open(rows[chosen], event.ctrlKey || event.metaKey);
  else return;
  hasMoved = true;
  event.preventDefault();
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
// Where nothing had the focus before, the browser leaves it in the closed dialog for a moment, and keys would be taken for typing.
dialog.addEventListener("close", () => input.blur());

/** Opens the dialog; the focus goes back where it was once it closes, which dialogs do by themselves. */
export function openPalette() {
  if (dialog.open) return dialog.close();
  input.value = "";
  hasMoved = false;
  found = { wanted: "", things: [] };
  dialog.showModal();
  input.focus();
  show();
  look();
}
