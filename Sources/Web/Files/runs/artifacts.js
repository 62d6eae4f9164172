// The artifacts of a run as they come: names appear in the tree and in the folder that is shown, and nothing else moves.
import { pageShown, pathShown, previewOf } from "../artifacts/browser.js";
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
  const { href } = location;
  const path = pathShown();
  const current = $(".tree [aria-current]", browser);
  const preview = $("#preview");
  // What the tree does not have may be a file, which stays as it is.
  const isFolder = path === (current?.dataset.path ?? "") && !current?.classList.contains("leaf");
  if (!isFolder || preview.contains(document.activeElement)) return;
  const fresh = await markupOf(previewOf(path, pageShown()), (text) => text);
  // What is there already stays as somebody has set it: a stream begins by telling how things are.
  if (factsOf(fresh) === factsOf(preview)) return;
  if (location.href === href && $(".tree [aria-current]", browser) === current) {
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

/** Rows that are known stay what they are, with what is open in them; so does what is shown, which may be behind the names that are listed. */
function merge(list, fresh) {
  const rows = [...fresh.children];
  const paths = new Set(rows.map(pathOf));
  const known = new Map();
  for (const row of [...list.children]) {
    if (paths.has(pathOf(row)) || $("[aria-current]", row)) known.set(pathOf(row), row);
    else row.remove();
  }
  let after = null;
  for (const row of rows) {
    const path = pathOf(row);
    const placed = known.get(path) ?? document.adoptNode(row);
    // The line that tells of more names has no path, and is the last.
    const next = !path ? null : after ? after.nextSibling : list.firstChild;
    if (placed !== next) list.insertBefore(placed, next);
    after = placed;
  }
}
