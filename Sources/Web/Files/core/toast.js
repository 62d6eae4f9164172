import { $, h } from "./dom.js";

/** Says something at the edge of the page; with `undo`, offers to take it back, and with `link`, leads to an address. */
export function toast(text, { bad = false, undo, link } = {}) {
  const element = h("div", { class: bad ? "toast bad" : "toast" }, h("span", {}, text));
  const close = () => element.remove();
  if (link) element.append(h("a", { href: link.address }, link.text));
  if (undo) element.append(h("button", { type: "button", onclick: () => { close(); undo(); } }, "Undo"));
  if (bad) element.append(h("button", { type: "button", onclick: close }, "Close"));
  $("#toasts").append(element);
  if (!bad) setTimeout(close, undo ? 8_000 : 2_500);
}
