// Views saved by a name, for oneself or for the project.
import { $, h } from "../core/dom.js";
import { ask, attempt } from "../core/api.js";
import { base, mayWrite, person } from "../core/place.js";
import { toast } from "../core/toast.js";
import { closePopup, openMenu, openPopup } from "../core/popup.js";

/** Whether two queries have the same words, in whatever order the names stand. */
function isSame(one, other) {
  const sorted = (query) => { const words = new URLSearchParams(query); words.sort(); return words.toString(); };
  return sorted(one) === sorted(other);
}

/** The button of the views of a page.
 *
 * `kind` names the page; `query()` is the view now, `saved()` the number of the view it began as, and `go(query, id)` shows another. `hasDefault` is
 * false for a page that shows nothing without words in its address.
 */
export function viewsButton({ kind, query, saved, go, hasDefault = true }) {
  const label = h("span", { class: "clip" }, "Views");
  const mark = h("span", { class: "dirty", title: "Changed since it was saved", hidden: true }, "•", h("span", { class: "visually-hidden" }, "changed"));
  const element = h("button", { type: "button", class: "button views-button", "aria-haspopup": "menu", onclick: open }, label, mark, "▾");
  let views = [];

  const current = () => views.find((view) => String(view.id) === String(saved()));
  const isMine = (view) => (view.shared ? mayWrite : !!person);

  async function load() {
    views = (await ask("GET", `${base}/views.json?kind=${encodeURIComponent(kind)}`)).views;
    show();
  }

  function show() {
    const view = current();
    label.textContent = view?.name ?? "Views";
    mark.hidden = !view || isSame(view.query, query());
  }

  async function open() {
    await attempt(load);
    const view = current();
    const isDirty = !!view && !isSame(view.query, query());
    const row = (one) => ({ label: one.name, hint: [one.shared ? "project" : "mine", one.default ? "default" : ""].filter(Boolean).join(", "), isChecked: one === view, act: () => go(one.query, one.id) });
    const items = [...views.map(row), ...(views.length > 0 ? [null] : [])];
    if (view && isDirty) items.push({ label: "Reset", act: () => go(view.query, view.id) });
    if (view && isDirty && isMine(view)) items.push({ label: `Save “${view.name}”`, act: () => change(view, { query: query() }) });
    if (person) items.push({ label: "Save as my view…", act: () => name("", "Save", (text) => create(text, false)) });
    if (mayWrite) items.push({ label: "Save for the project…", act: () => name("", "Save", (text) => create(text, true)) });
    if (view && isMine(view)) {
      items.push(
        null,
        hasDefault && { label: view.default ? "No longer the default" : "Make it the default", act: () => done(ask("PUT", `${base}/views.json/${view.id}/default`, { default: !view.default })) },
        { label: "Rename…", act: () => name(view.name, "Rename", (text) => change(view, { name: text })) },
        { label: "Delete", isBad: true, act: () => remove(view) },
      );
    }
    if (hasDefault) items.push(null, { label: "Without a view", act: () => go("", views.some((one) => one.default) ? "none" : "") });
    openMenu(element, "Views", items, { alignEnd: true });
  }

  const done = (request) => attempt(async () => { await request; await load(); });

  const change = (view, { name: text = view.name, query: words = view.query }) => done(ask("PUT", `${base}/views.json/${view.id}`, { name: text, query: words }));

  function create(text, shared) {
    return attempt(async () => {
      const words = query();
      const { id } = await ask("POST", `${base}/views.json`, { kind, name: text, query: words, shared });
      go(words, id);
      await load();
      toast(`Saved “${text}”`);
    });
  }

  async function remove(view) {
    if (!await done(ask("DELETE", `${base}/views.json/${view.id}`))) return;
    const words = query();
    go(words, "");
    toast(`Deleted “${view.name}”`, {
      undo: () => attempt(async () => {
        const { id } = await ask("POST", `${base}/views.json`, { kind, name: view.name, query: view.query, shared: view.shared });
        go(words, id);
        await load();
      }),
    });
  }

  function name(text, action, act) {
    const input = h("input", { required: true, maxlength: "100", value: text, "aria-label": "Name of the view", placeholder: "Name of the view" });
    const form = h("form", { class: "tag-form" }, input, h("button", { class: "button primary" }, action));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      closePopup();
      act(input.value);
    });
    openPopup(element, form, { alignEnd: true });
    input.select();
  }

  attempt(load);
  return { element, show };
}

/** The same for a page whose address is its whole view: the button stands in its place, `[data-views]`, and another view is another address. */
export function mountViews() {
  const place = $("[data-views]");
  const address = () => new URLSearchParams(location.search);
  const query = () => {
    const words = address();
    words.delete("saved");
    return words.toString();
  };
  const go = (text, id) => {
    const words = new URLSearchParams(text);
    if (id !== "") words.set("saved", id);
    const there = `${location.pathname}?${words}`;
    if (!isSame(text, query())) return location.assign(there);
    history.replaceState(history.state, "", there);
    button.show();
  };
  const button = viewsButton({ kind: place.dataset.views, query, saved: () => address().get("saved") ?? "", go, hasDefault: place.dataset.default === "yes" });
  place.append(button.element);
  addEventListener("addresschange", button.show);
}
