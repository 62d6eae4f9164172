// What Markdown shows beyond its markup: formulas, code in colours, and headings that can be linked to.
import { $$, h } from "../core/dom.js";
import { colourCode } from "./colour.js";
import { formulas } from "./parts.js";

/** As GitHub writes the anchors of headings, so that tables of contents lead to them. */
function slugOf(text) {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

/** What an address names within the page, in small letters; a percent sign may be one of its own. */
function nameOf(hash) {
  const text = hash.slice(1);
  try {
    return decodeURIComponent(text).toLowerCase();
  } catch {
    return text.toLowerCase();
  }
}

function anchorHeadings(body) {
  const seen = new Map();
  for (const heading of $$("h1, h2, h3, h4, h5, h6", body)) {
    const slug = slugOf(heading.textContent);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    // The prefix keeps a text from taking the names of the page's own elements.
    heading.id = `text-${slug}${count ? `-${count}` : ""}`;
  }
  for (const link of $$("a[href^='#']", body)) {
    const target = `text-${nameOf(link.hash)}`;
    if (document.getElementById(target)) link.hash = target;
  }
}

/** The formulas that the server found, and blocks of code that say they are one. */
async function drawFormulas(body) {
  const spans = $$(".math", body);
  for (const code of $$("pre > code.language-math", body)) {
    const span = h("span", { class: "math display" }, code.textContent);
    code.parentElement.replaceWith(h("p", {}, span));
    spans.push(span);
  }
  if (spans.length === 0) return;
  const katex = await formulas();
  for (const span of katex ? spans : []) {
    katex.render(span.textContent, span, {
      displayMode: span.classList.contains("display"), throwOnError: false, trust: false, maxExpand: 200, maxSize: 50,
    });
  }
}

/** Pictures of other hosts are not loaded: their words stand in their place. */
function nameFarPictures(body) {
  for (const picture of $$("img[src='']", body)) picture.replaceWith(h("span", { class: "badge", title: "A picture of another host" }, picture.alt || "picture"));
}

const improved = new WeakSet();

/** Does so once, however often it is asked. */
export function improve(body) {
  if (improved.has(body)) return;
  improved.add(body);
  nameFarPictures(body);
  anchorHeadings(body);
  drawFormulas(body);
  for (const code of $$("pre > code[class^='language-']", body)) colourCode(code, code.className.slice("language-".length));
  for (const code of $$(".cell-source[data-language] > code", body)) colourCode(code, code.parentElement.dataset.language);
}

/** Improves all Markdown and notebooks below an element that was just put on the page. */
export function improveAll(element) {
  for (const body of $$(".markdown, .notebook", element)) if (!body.parentElement.closest(".notebook")) improve(body);
}

/** What the page came with; the address may name a heading of it. */
export function begin() {
  improveAll(document);
  const target = location.hash && document.getElementById(`text-${nameOf(location.hash)}`);
  if (target) target.scrollIntoView();
}
