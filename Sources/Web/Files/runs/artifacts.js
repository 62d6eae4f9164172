// The artifacts of a run as they come: names appear in the tree and in the folder that is shown, and nothing else moves.
import { mountViews } from "../artifacts/views.js";
import { $, $$ } from "../core/dom.js";
import { watch } from "../core/live.js";

const { run } = $("article.run").dataset;
let isBusy = false;
let isWanted = false;

watch("artifacts", run, async ({ files }) => {
  if (!$(".artifacts")) {
    // The first file makes a browser of the page.
    if (files > 0) location.reload();
    return;
  }
  isWanted = true;
  if (isBusy) return;
  isBusy = true;
  while (isWanted) {
    isWanted = false;
    // When the server is away for a moment, the next change asks again.
    await look($(".artifacts")).catch(() => {});
  }
  isBusy = false;
});

async function look(browser) {
  const { page } = browser.dataset;
  const folders = $$("li[data-folder]", browser).map((folder) => [$("ul", folder), folder.dataset.folder]).filter(([list]) => list);
  for (const [list, address] of [[$("ul.tree", browser), `${page}/tree`], ...folders]) {
    const fresh = await markupOf(address, (text) => `<ul>${text}</ul>`);
    if (list.isConnected) merge(list, $("ul", fresh));
  }
  const current = $(".tree [aria-current]", browser);
  const isFile = current?.classList.contains("leaf");
  const preview = $("#preview");
  if (isFile || preview.contains(document.activeElement)) return;
  const path = (current?.dataset.path ?? "").split("/").filter(Boolean).map(encodeURIComponent);
  // A folder with many names is shown page by page.
  const after = new URLSearchParams(location.search).get("after");
  const query = after === null ? "" : `?after=${encodeURIComponent(after)}`;
  const fresh = await markupOf([page, "preview", ...path].join("/") + query, (text) => text);
  // What is there already stays as somebody has set it: a stream begins by telling how things are.
  if (factsOf(fresh) === factsOf(preview)) return;
  if ($(".tree [aria-current]", browser) === current) {
    preview.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    mountViews(preview);
  }
  document.dispatchEvent(new Event("renewed"));
}

/** What a folder holds: where its links lead, and how large the files are. */
function factsOf(element) {
  const links = $$("a[href]", element).map((link) => link.getAttribute("href"));
  return [...links, ...$$("td.number", element).map((cell) => cell.textContent.trim())].join("\n");
}

/** What the server made, as nodes; it escapes what users wrote, and the page's policy lets no script in it run. */
async function markupOf(address, around) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return new DOMParser().parseFromString(around(await response.text()), "text/html").body;
}

const pathOf = (row) => $("[data-path]", row)?.dataset.path ?? "";

/** Rows that are known stay what they are, with what is open in them. */
function merge(list, fresh) {
  const known = new Map([...list.children].map((row) => [pathOf(row), row]));
  let after = null;
  for (const row of [...fresh.children]) {
    const path = pathOf(row);
    const kept = path && known.get(path);
    known.delete(path);
    const placed = kept || document.adoptNode(row);
    const next = after ? after.nextSibling : list.firstChild;
    if (placed !== next) list.insertBefore(placed, next);
    after = placed;
  }
  for (const row of known.values()) row.remove();
}
