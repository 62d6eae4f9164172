// Shows what comes into a new repository when it has come.
import { $ } from "../core/dom.js";

const PAUSE_MS = 2_000;

async function isUnderWay() {
  const response = await fetch(location.href, { headers: { "X-Roost-Request": "page" } }).catch(() => null);
  // While the server is away nothing is known; one that refuses is shown doing so.
  if (response === null) return true;
  return response.ok && $("[data-under-way]", new DOMParser().parseFromString(await response.text(), "text/html")) !== null;
}

async function follow() {
  do {
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  } while (document.hidden || await isUnderWay());
  location.reload();
}

if ($("[data-under-way]")) follow();
