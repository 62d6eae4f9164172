// Keeps what runs and what happened as it is now, while somebody looks.
import { $ } from "../core/dom.js";

const PAUSE_MS = 2_000;
const home = $("#home");
let shown = "";
let timer;

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const response = await fetch(home.dataset.fresh, { headers: { "X-Roost-Request": "page" } });
    if (response.ok) show(await response.text());
  } catch { /* The server is away for a moment; the next look may go better. */ }
  timer = setTimeout(refresh, PAUSE_MS);
}

function show(markup) {
  if (markup === shown) return;
  shown = markup;
  const focused = home.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  home.innerHTML = markup;
  if (focused) $(`a[href="${CSS.escape(focused)}"]`, home)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("htmx:load"));
}

if (home) {
  document.addEventListener("visibilitychange", refresh);
  timer = setTimeout(refresh, PAUSE_MS);
}
