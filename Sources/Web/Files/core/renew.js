// Puts pieces of the page as the server has them now.
import { $ } from "./dom.js";

/** At most so often, however much happens. */
const PAUSE_MS = 1_000;

const wanted = new Set();
const shown = new Map();
let isBusy = false;

/** Renews the elements of some selectors, soon and together; what is still the same stays as it is. */
export async function renew(...selectors) {
  for (const selector of selectors) wanted.add(selector);
  if (isBusy) return;
  isBusy = true;
  try {
    while (wanted.size > 0) {
      const some = [...wanted].filter((selector) => !isEdited($(selector)));
      for (const selector of some) wanted.delete(selector);
      if (some.length > 0) await fetchPieces(some, isWanted);
      await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    }
  } finally {
    isBusy = false;
  }
}

/** What is open holds what somebody writes or reads, and is left alone until it is closed. */
const isEdited = (element) => element !== null && $("details[open]", element) !== null;

function isWanted(selector, old, now) {
  if (shown.get(selector) === now.innerHTML) return false;
  // It was opened while the server answered.
  if (isEdited(old)) wanted.add(selector);
  return !isEdited(old);
}

/** Renews them at once, whatever they were, as after something that was done on this page. */
export const renewNow = (...selectors) => fetchPieces(selectors, () => true);

/** When the server is away for a moment, the pieces stay as they are, and the next change asks again. */
async function fetchPieces(selectors, isPut) {
  const text = await fetchPage().catch(() => null);
  if (text === null) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const selector of selectors) {
    const [old, now] = [$(selector), $(selector, fresh)];
    if (old && now && isPut(selector, old, now)) put(selector, old, now);
  }
  document.dispatchEvent(new Event("renewed"));
}

/** This page as it is now; null where the server refuses. */
async function fetchPage() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  return response.ok ? response.text() : null;
}

function put(selector, old, now) {
  shown.set(selector, now.innerHTML);
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(document.adoptNode(now));
  if (focused) $(`a[href="${CSS.escape(focused)}"]`, now)?.focus({ preventScroll: true });
  if ($(".markdown", now)) import("../previews/markdown.js").then(({ improveAll }) => improveAll(now));
}
