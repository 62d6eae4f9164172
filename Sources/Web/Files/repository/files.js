// Last commits that were still being looked for when the page was made: asks for them until they are there.
import { $ } from "../core/dom.js";
import { agoOf } from "../core/format.js";

const PAUSES_MS = [700, 1_500, 3_000, 6_000, 12_000, 20_000];

async function complete() {
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const response = await fetch(location.href, { headers: { "X-Roost-Request": "page" } });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("files");
    const body = fresh && $("tbody", fresh);
    if (!body) return;
    for (const time of body.querySelectorAll("time[data-ms]")) time.textContent = agoOf(Number(time.dataset.ms));
    $("#files tbody").replaceWith(document.importNode(body, true));
    if (!("pending" in fresh.dataset)) return;
  }
}

if ("pending" in ($("#files")?.dataset ?? {})) complete();
