// The choice of a branch or a tag: what is typed narrows the list, the arrow keys walk through it.
import { $, $$ } from "../core/dom.js";

for (const menu of $$("[data-refs]")) {
  const search = $("input", menu);
  const links = () => $$(".refs-list a", menu).filter((link) => !link.hidden);

  menu.addEventListener("toggle", () => { if (menu.open) search.focus(); });

  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const link of $$(".refs-list a", menu)) link.hidden = !link.textContent.toLowerCase().includes(wanted);
  });

  search.form.addEventListener("submit", (event) => {
    const first = links()[0];
    if (!first || !search.value.trim()) return;
    event.preventDefault();
    location.assign(first.href);
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const shown = links();
    const place = shown.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (shown[place] ?? (place < 0 ? search : shown.at(-1)))?.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "w" || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const menu = $("[data-refs]");
  if (!menu) return;
  event.preventDefault();
  menu.open = true;
});
