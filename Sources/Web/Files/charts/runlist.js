// The list of runs beside charts: an eye for each, which the page's address keeps; pointing at a run highlights it everywhere.
import { $, h } from "../core/dom.js";
import { changeAddress } from "./controls.js";
import { onPoint, pointAt } from "./shared.js";
import { onTheme } from "./theme.js";
import { swatch } from "./tooltip.js";

/** `list`: the element with a `<li data-run>` for each; `changed(ids)` is told which are shown. */
export function mountRunList(list, styles, changed) {
  const rows = new Map([...list.querySelectorAll("li[data-run]")].map((row) => [row.dataset.run, row]));
  const hidden = new Set((new URLSearchParams(location.search).get("hide") ?? "").split(",").filter((id) => rows.has(id)));
  let selected = null;
  const shownNow = () => new Set([...rows.keys()].filter((id) => !hidden.has(id) && (selected === null || selected.has(id))));

  const show = () => {
    for (const [id, row] of rows) {
      const isShown = !hidden.has(id);
      row.classList.toggle("off", !isShown || (selected !== null && !selected.has(id)));
      const eye = $("button", row);
      eye.setAttribute("aria-pressed", String(isShown));
      eye.textContent = isShown ? "●" : "○";
    }
    changed(shownNow());
  };
  const keep = () => {
    changeAddress((words) => {
      if (hidden.size > 0) words.set("hide", [...hidden].join(","));
      else words.delete("hide");
    });
    show();
  };

  for (const [id, row] of rows) {
    const name = $("a", row).textContent;
    row.prepend(
      h("button", { type: "button", class: "icon-button eye", "aria-label": `Show ${name}`, title: "Show or hide; with Alt, this one alone", onclick: (event) => {
        if (event.altKey) for (const other of rows.keys()) (other === id ? hidden.delete(other) : hidden.add(other));
        else if (!hidden.delete(id)) hidden.add(id);
        keep();
      } }),
      swatch(styles.get(id)),
    );
    row.addEventListener("mouseenter", () => pointAt(id));
    row.addEventListener("mouseleave", () => pointAt(null));
  }
  onTheme(() => { for (const [id, row] of rows) $(".swatch", row).replaceWith(swatch(styles.get(id))); });
  const selection = h("p", { class: "small", role: "status", hidden: true });
  const all = h("button", { type: "button", class: "button small", onclick: () => { hidden.clear(); keep(); } }, "All");
  const none = h("button", { type: "button", class: "button small", onclick: () => { for (const id of rows.keys()) hidden.add(id); keep(); } }, "None");
  const hide = h("button", { type: "button", class: "button small", hidden: true, onclick: () => {
    for (const id of rows.keys()) if (!selected.has(id)) hidden.add(id);
    keep();
  } }, "Hide the others");
  list.before(h("div", { class: "row" }, all, none, hide), selection);
  onPoint((id) => { for (const [other, row] of rows) row.classList.toggle("pointed", other === id); });
  show();
  return {
    /** Shows only these for now; null for all that are not hidden. */
    select: (ids) => {
      selected = ids;
      selection.hidden = hide.hidden = ids === null;
      selection.textContent = ids === null ? "" : `${ids.size} of ${rows.size} brushed`;
      show();
    },
    shown: shownNow,
  };
}
