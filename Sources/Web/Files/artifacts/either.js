// A made view in place of the source, and a switch between the two.
import { $, h } from "../core/dom.js";

/** Shows `made` in the view; the source that the server wrote stays one click away. */
export function either(view, label, made) {
  const source = $("[data-view-source]", view);
  const buttons = [label, "Source"].map((text, place) => h("button", {
    type: "button", class: "button small", "aria-pressed": String(place === 0), onclick: () => choose(place),
  }, text));
  const choose = (place) => {
    made.hidden = place !== 0;
    source.hidden = place !== 1;
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === place)));
  };
  view.prepend(h("div", { class: "row either", role: "group", "aria-label": "How to show it" }, buttons), made);
  choose(location.hash.startsWith("#L") ? 1 : 0);
}
