// The artifacts of a run or a model: folders open in place, a file shows beside the tree, and the address follows.
import { attempt } from "../core/api.js";
import { $, $$, h } from "../core/dom.js";
import { agoOf, sizeOf } from "../core/format.js";
import { toast } from "../core/toast.js";
import { mountViews } from "./views.js";

const browser = $(".artifacts");
const preview = $("#preview");

if (browser) {
  mountViews(preview);
  browser.addEventListener("click", (event) => {
    const twist = event.target.closest(".twist");
    if (twist) return turn(twist);
    const link = event.target.closest("a[data-path]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.getAttribute("href"), link.dataset.path);
  });
  addEventListener("popstate", () => show(pathShown(), pageShown()));
}

/** What the address names, below the artifacts. */
export function pathShown() {
  const rest = location.pathname.slice(`${browser.dataset.page}/artifacts`.length);
  return rest.split("/").filter(Boolean).map(decodeURIComponent).join("/");
}

/** Behind which name the page of a folder begins that is shown; null for the first. */
export const pageShown = () => new URLSearchParams(location.search).get("after");

/** Where the server tells what is in a folder or a file. */
export function previewOf(path, after = null) {
  const address = [`${browser.dataset.page}/preview`, ...path.split("/").filter(Boolean).map(encodeURIComponent)].join("/");
  return after === null ? address : `${address}?after=${encodeURIComponent(after)}`;
}

async function go(address, path) {
  if (await show(path)) history.pushState(null, "", address);
}

let asked = 0;
async function show(path, after) {
  const number = ++asked;
  return attempt(async () => {
    const markup = await fragment(previewOf(path, after));
    if (number !== asked) return;
    preview.replaceChildren(...markup);
    for (const time of $$("time[data-ms]", preview)) time.textContent = agoOf(Number(time.dataset.ms));
    mark(path);
    mountViews(preview);
    if (matchMedia("(max-width: 900px)").matches) preview.scrollIntoView();
  });
}

/** What the server made, as nodes; it escapes what users wrote, and its policy lets no script in it run. */
async function fragment(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.status === 404 ? "There is nothing here any more." : `The server answered ${response.status}.`);
  return [...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes].map((node) => document.adoptNode(node));
}

function mark(path) {
  for (const link of $$(".tree a[aria-current]", browser)) link.removeAttribute("aria-current");
  $$(".tree a", browser).find((link) => link.dataset.path === path)?.setAttribute("aria-current", "page");
}

async function turn(twist) {
  const folder = twist.closest("li");
  const isOpen = twist.getAttribute("aria-expanded") === "true";
  twist.setAttribute("aria-expanded", String(!isOpen));
  const inner = $("ul", folder);
  if (inner) {
    inner.hidden = isOpen;
    return;
  }
  const done = await attempt(async () => {
    const list = h("ul");
    list.append(...(await rowsOf(folder.dataset.folder)));
    folder.append(list);
  });
  if (!done) twist.setAttribute("aria-expanded", "false");
}

async function rowsOf(address) {
  // A list within a list is what the parser keeps as it is.
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const text = await response.text();
  return [...new DOMParser().parseFromString(`<ul>${text}</ul>`, "text/html").querySelector("ul").childNodes].map((node) => document.adoptNode(node));
}

// MARK: Uploads

const form = $("form.upload");
if (form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...form.elements.files.files];
    const progress = $("[data-progress]", form);
    const folder = browser ? folderShown() : "";
    const done = await attempt(async () => {
      for (const [place, file] of files.entries()) {
        progress.textContent = `${place + 1} of ${files.length}: ${file.name} (${sizeOf(file.size)})`;
        const path = [...folder.split("/").filter(Boolean), file.name].map(encodeURIComponent).join("/");
        const response = await fetch(`${form.dataset.upload}/${path}`, {
          method: "PUT", body: file, headers: { "X-Roost-Request": "page", "Content-Type": "application/octet-stream" },
        });
        if (!response.ok) throw new Error((await response.json().catch(() => null))?.message ?? `The server answered ${response.status}.`);
      }
    });
    progress.textContent = "";
    if (!done) return;
    toast(files.length === 1 ? "Uploaded" : `Uploaded ${files.length} files`);
    location.reload();
  });
}

/** The folder that is shown, or that the file which is shown lies in. */
function folderShown() {
  const path = pathShown();
  const isFile = $$(".tree a.leaf", browser).some((link) => link.dataset.path === path);
  return isFile ? path.split("/").slice(0, -1).join("/") : path;
}
