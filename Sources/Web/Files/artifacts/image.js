// A picture that can be seen larger, with its pixels as they are.
import { $, h } from "../core/dom.js";

const ZOOMS = [0.25, 0.5, 1, 2, 4, 8, 16];

export function mountImage(view) {
  const image = $("img", view);
  const picture = $(".picture", view);
  let zoom = null;
  const facts = h("span", { class: "quiet small" });
  const pixels = h("input", { type: "checkbox", onchange: () => image.classList.toggle("pixelated", pixels.checked) });
  const button = (label, act) => h("button", { type: "button", class: "button small", onclick: act }, label);
  view.prepend(h("div", { class: "row" }, button("Fit", () => set(null)), button("1:1", () => set(1)),
    button("−", () => step(-1)), button("+", () => step(1)), h("label", { class: "row small" }, pixels, "Pixels"), facts));

  function set(now) {
    zoom = now;
    image.style.width = zoom === null ? "" : `${image.naturalWidth * zoom}px`;
    image.style.maxWidth = zoom === null ? "" : "none";
    tell();
  }

  function step(direction) {
    const now = zoom ?? image.clientWidth / (image.naturalWidth || 1);
    const next = direction > 0 ? ZOOMS.find((one) => one > now * 1.01) : ZOOMS.findLast((one) => one < now * 0.99);
    set(next ?? now);
  }

  function tell() {
    if (!image.naturalWidth) return;
    facts.textContent = `${image.naturalWidth} × ${image.naturalHeight}${zoom === null ? "" : ` · ${Math.round(zoom * 100)} %`}`;
  }
  image.addEventListener("load", tell);
  tell();
  picture.addEventListener("click", (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    set(zoom === null ? Math.max(1, Math.ceil((image.clientWidth / (image.naturalWidth || 1)) * 2)) : null);
  });
}
