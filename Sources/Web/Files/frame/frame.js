// What every page does: copy buttons, times as long ago, menus that close, the palette, and keys.
import { agoOf } from "../core/format.js";
import { isFormOpen } from "../core/forms.js";
import { toast } from "../core/toast.js";
import "./links.js";

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = copy.dataset.copy || copy.parentElement.querySelector("code").textContent;
    await navigator.clipboard.writeText(text);
    toast("Copied");
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});

const paletteButton = document.querySelector('[data-command="palette"]');
const openPalette = async () => (await import("../palette/palette.js")).openPalette();
if (paletteButton) {
  paletteButton.hidden = false;
  paletteButton.addEventListener("click", openPalette);
}

// On the window, so that a page which takes a key on its document goes before.
window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  // A dialog that was closed keeps the focus for a moment.
  const isClosed = event.target.closest?.("dialog:not([open])");
  const isTyping = !isClosed && event.target.closest?.("input, textarea, select, [contenteditable], .CodeMirror, dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || isFormOpen()) return;
  if (event.key === "/") {
    event.preventDefault();
    openPalette();
  } else {
    import("../palette/keys.js").then(({ takeKey }) => takeKey(event));
  }
});

if (document.querySelector(".markdown, .notebook")) import("../previews/markdown.js").then(({ begin }) => begin());

function tellTimes() {
  for (const time of document.querySelectorAll("time[data-ms]")) time.textContent = agoOf(Number(time.dataset.ms));
}
tellTimes();
setInterval(tellTimes, 30_000);
document.addEventListener("renewed", tellTimes);
