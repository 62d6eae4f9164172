// Images of one key: a slider goes through their steps.
import { $, $$, h } from "../core/dom.js";

export function mountGallery(view) {
  const links = $$(".steps a", view);
  const image = $("img", view);
  const told = $("[data-step]", view);
  const key = image.alt.replace(/, step -?\d+$/, "");
  if (links.length < 2) return;
  const slider = h("input", {
    type: "range", min: "0", max: String(links.length - 1), value: String(links.length - 1), "aria-label": `Step of ${key}`,
    oninput: () => show(Number(slider.value)),
  });
  const steps = $(".steps", view);
  steps.hidden = true;
  steps.before(slider);

  function show(place) {
    const link = links[place];
    image.src = link.getAttribute("href");
    image.alt = `${key}, step ${link.dataset.step}`;
    told.textContent = `step ${link.dataset.step}`;
    slider.setAttribute("aria-valuetext", told.textContent);
  }
}
