// Differences in the colours of their language, a file when it comes near to what is seen.
import { $$ } from "../core/dom.js";
import { colourLines } from "../previews/colour.js";

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    paint(target);
  }
}, { rootMargin: "600px" });

/** Hunk by hunk, and each side by itself: only lines that stood together make sense together. */
function paint(table) {
  const isSplit = table.dataset.layout === "split";
  let [old, now] = [[], []];
  const close = () => {
    for (const cells of [old, now]) colourLines(cells, table.dataset.language);
    [old, now] = [[], []];
  };
  for (const row of $$("tr", table)) {
    if (row.classList.contains("hunk")) {
      close();
      continue;
    }
    const cells = $$(".line-text", row);
    if (isSplit) {
      if (!cells[0].classList.contains("none")) old.push(cells[0]);
      if (!cells[1].classList.contains("none")) now.push(cells[1]);
    } else (row.classList.contains("del") ? old : now).push(cells[0]);
  }
  close();
}

for (const table of $$("table.diff[data-language]")) if (table.dataset.language) seen.observe(table);
