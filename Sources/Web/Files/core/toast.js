import { $, h } from "./dom.js";

/** Says something at the edge of the page; with `undo`, offers to take it back. */
export function toast(text, { bad = false, undo } = {}) {
  const element = h("div", { class: bad ? "toast bad" : "toast" }, h("span", {}, text));
  const close = () => element.remove();
  if (undo) element.append(h("button", { type: "button", onclick: () => { close(); undo(); } }, "Undo"));
  if (bad) element.append(h("button", { type: "button", onclick: close }, "Close"));
  $("#toasts").append(element);
  if (!bad) setTimeout(close, undo ? 8_000 : 2_500);
}
