// Differences: files that fold, marks of what was seen, lines that were left out, and keys to go from file to file.
import { $, $$, h } from "../core/dom.js";
import { attempt } from "../core/api.js";

const STORE = "roost.viewed";
const MOST_MARKS = 2_000;

const marks = new Set(read());

function read() {
  try { return JSON.parse(localStorage.getItem(STORE) ?? "[]"); } catch { return []; }
}

function keep() {
  try { localStorage.setItem(STORE, JSON.stringify([...marks].slice(-MOST_MARKS))); } catch { /* Then they last as long as the page. */ }
}

const files = $$(".diff-file");
const entryOf = (file) => $(`.diff-list [data-for="${file.id}"]`);

function fold(file, isFolded) {
  file.classList.toggle("folded", isFolded);
  $("[data-fold]", file).setAttribute("aria-expanded", String(!isFolded));
}

function tellViewed() {
  const count = files.filter((file) => marks.has(file.dataset.mark)).length;
  const place = $("[data-viewed-count]");
  if (place) place.textContent = count ? `· ${count} of ${files.length} viewed` : "";
}

for (const file of files) {
  const body = $(".diff-body", file);
  body.id = `${file.id}-body`;
  const button = h("button", { type: "button", class: "icon-button", "data-fold": true, "aria-controls": body.id, "aria-expanded": "true", "aria-label": "Fold or unfold the file" }, "▾");
  $(".diff-name", file).prepend(button);
  button.addEventListener("click", () => fold(file, !file.classList.contains("folded")));
  const label = $(".viewed", file);
  label.hidden = false;
  const box = $("[data-viewed]", file);
  const show = (isViewed) => {
    box.checked = isViewed;
    entryOf(file)?.classList.toggle("is-viewed", isViewed);
    fold(file, isViewed);
  };
  show(marks.has(file.dataset.mark));
  box.addEventListener("change", () => {
    if (box.checked) marks.add(file.dataset.mark); else marks.delete(file.dataset.mark);
    keep();
    show(box.checked);
    tellViewed();
  });
}
tellViewed();

async function expand(button) {
  const table = button.closest("table");
  const { old, new: first, count } = button.dataset;
  const isEnd = button.closest("tr").classList.contains("end");
  const words = new URLSearchParams({ old, new: first, count, layout: table.dataset.layout });
  const response = await fetch(`${table.dataset.lines}?${words}`, { headers: { "X-Roost-Request": "page" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const rows = new DOMParser().parseFromString(`<table><tbody>${await response.text()}</tbody></table>`, "text/html").querySelectorAll("tr");
  const row = button.closest("tr");
  row.before(...[...rows].map((found) => document.importNode(found, true)));
  if (!isEnd) return button.remove();
  if (rows.length < Number(count)) return row.remove();
  button.dataset.old = Number(old) + rows.length;
  button.dataset.new = Number(first) + rows.length;
}

for (const button of $$("[data-expand]")) button.hidden = false;
for (const row of $$("tr.hunk.end")) row.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-expand]");
  if (button) attempt(() => expand(button));
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "j" && event.key !== "k") return;
  const place = files.findLastIndex((file) => file.getBoundingClientRect().top < 10);
  const next = files[Math.max(0, place + (event.key === "j" ? 1 : -1))];
  next?.scrollIntoView();
});

// Choices take effect at once; without script there is the button.
const choices = $(".diff-bar form");
if (choices) {
  $("button", choices).hidden = true;
  choices.addEventListener("change", () => choices.requestSubmit());
}
