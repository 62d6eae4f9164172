// Lines of code: colours, links to a line or a range of them, and the permalink of what is chosen.
import { $, $$ } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { colourLines } from "../previews/colour.js";

const block = $("[data-code]");
const file = $("[data-permalink]");

/** `#L3` and `#L3-L9`, as `[3, 3]` and `[3, 9]`. */
function rangeOf(hash) {
  const found = /^#L(\d+)(?:-L?(\d+))?$/.exec(hash);
  if (!found) return null;
  const ends = [Number(found[1]), Number(found[2] ?? found[1])];
  return ends.sort((a, b) => a - b);
}

const hashOf = ([first, last]) => (first === last ? `#L${first}` : `#L${first}-L${last}`);

function show(range, { scroll }) {
  for (const row of $$("tr.chosen", block)) row.classList.remove("chosen");
  if (!range) return;
  const first = document.getElementById(`L${range[0]}`);
  if (!first) return goToPart(range);
  for (let line = range[0]; line <= range[1]; line++) document.getElementById(`L${line}`)?.classList.add("chosen");
  if (scroll) first.scrollIntoView({ block: "center" });
}

/** A line of a long file may be on another page of it. */
function goToPart(range) {
  const part = Math.ceil(range[0] / Number(block.dataset.linesPerPage));
  const address = new URL(location.href);
  if (Number(address.searchParams.get("part") ?? 1) === part || !$(".pager")) return;
  address.searchParams.set("part", part);
  location.replace(address);
}

let anchor = null;

function choose(event) {
  const link = event.target.closest(".line-number a");
  if (!link) return;
  event.preventDefault();
  const line = Number(link.dataset.number);
  const start = event.shiftKey && anchor !== null ? anchor : line;
  if (!event.shiftKey) anchor = line;
  const range = [start, line].sort((a, b) => a - b);
  history.replaceState(null, "", hashOf(range));
  show(range, { scroll: false });
}

function copyPermalink() {
  const range = rangeOf(location.hash);
  const address = new URL(file.dataset.permalink, location.href);
  const words = new URLSearchParams(location.search);
  for (const key of ["view", "part"]) if (words.has(key)) address.searchParams.set(key, words.get(key));
  if (range) address.hash = hashOf(range);
  navigator.clipboard.writeText(address.href);
  toast("Copied the permanent link");
}

const copy = $("[data-copy-permalink]");
if (copy && file) {
  copy.hidden = false;
  copy.addEventListener("click", copyPermalink);
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "y" && file) copyPermalink();
});

if (block) {
  block.addEventListener("click", choose);
  window.addEventListener("hashchange", () => show(rangeOf(location.hash), { scroll: true }));
  const range = rangeOf(location.hash);
  anchor = range ? range[0] : null;
  show(range, { scroll: true });
  colourLines($$(".line-text", block), block.dataset.language);
}
