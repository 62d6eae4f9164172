// A menu or a panel beside the thing that opened it.
import { $$, h } from "./dom.js";

let shown = null;

export function closePopup({ focus = false } = {}) {
  if (!shown) return;
  const { element, anchor, returnTo, closed } = shown;
  shown = null;
  element.remove();
  if (anchor.setAttribute) anchor.setAttribute("aria-expanded", "false");
  if (focus) returnTo.focus?.();
  closed?.();
}

/** Opens an element at another; `at` is a point for what opens where the mouse is, `returnTo` what has the keys afterwards. */
export function openPopup(anchor, element, { at = null, closed = null, alignEnd = false, returnTo = anchor } = {}) {
  closePopup();
  element.classList.add("popup");
  document.body.append(element);
  const box = anchor.getBoundingClientRect();
  const size = element.getBoundingClientRect();
  const left = at ? at.x : alignEnd ? box.right - size.width : box.left;
  const below = at ? at.y : box.bottom + 4;
  const top = below + size.height > innerHeight - 8 ? Math.max(8, (at ? at.y : box.top - 4) - size.height) : below;
  element.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  element.style.top = `${top}px`;
  shown = { element, anchor, returnTo, closed };
  if (anchor.getAttribute?.("aria-haspopup")) anchor.setAttribute("aria-expanded", "true");
  return element;
}

/** Opens a list of things to do: `{ label, act, hint, isChecked, isBad }`, null for a line between. */
export function openMenu(anchor, label, items, options) {
  const buttons = items.filter((item) => item !== false && item !== undefined).map((item) => (item === null ? h("hr", { role: "separator" }) : h(
    "button",
    {
      type: "button", role: "isChecked" in item ? "menuitemcheckbox" : "menuitem", tabindex: "-1", class: item.isBad ? "bad" : null,
      "aria-checked": "isChecked" in item ? String(!!item.isChecked) : null,
      onclick: () => { closePopup({ focus: true }); item.act(); },
    },
    h("span", { class: "clip" }, item.label),
    item.hint ? h("span", { class: "quiet small" }, item.hint) : null,
  )));
  const menu = h("div", { class: "popup-menu", role: "menu", "aria-label": label }, ...buttons);
  menu.addEventListener("keydown", (event) => {
    const all = $$("button", menu);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      all.at(event.key === "Home" ? 0 : -1).focus();
    } else if (event.key === "Tab") closePopup();
    event.stopPropagation();
    if (event.key === "Escape") closePopup({ focus: true });
  });
  openPopup(anchor, menu, options);
  $$("button", menu)[0]?.focus();
  return menu;
}

document.addEventListener("pointerdown", (event) => {
  if (shown && !shown.element.contains(event.target) && !shown.anchor.contains?.(event.target)) closePopup();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) closePopup({ focus: true });
});
addEventListener("resize", () => closePopup());
