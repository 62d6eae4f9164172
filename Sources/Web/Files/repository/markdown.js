// What Markdown shows beyond its markup: formulas, code in colours, and headings that can be linked to.
import { $$, h } from "../core/dom.js";
import { colourCode } from "./colour.js";

/** As GitHub writes the anchors of headings, so that tables of contents lead to them. */
function slugOf(text) {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
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
    const target = `text-${decodeURIComponent(link.hash.slice(1)).toLowerCase()}`;
    if (document.getElementById(target)) link.hash = target;
  }
}

function drawFormulas(body) {
  window.renderMathInElement?.(body, {
    delimiters: [
      { left: "$$", right: "$$", display: true },
      { left: "\\[", right: "\\]", display: true },
      { left: "$", right: "$", display: false },
      { left: "\\(", right: "\\)", display: false },
    ],
    throwOnError: false,
    trust: false,
    maxExpand: 200,
    ignoredTags: ["script", "noscript", "style", "textarea", "pre", "code"],
  });
}

/** Pictures of other hosts are not loaded: their words stand in their place. */
function nameFarPictures(body) {
  for (const picture of $$("img[src='']", body)) picture.replaceWith(h("span", { class: "badge", title: "A picture of another host" }, picture.alt || "picture"));
}

export function improve(body) {
  nameFarPictures(body);
  anchorHeadings(body);
  drawFormulas(body);
  for (const code of $$("pre[lang] > code", body)) colourCode(code, code.parentElement.lang);
  for (const code of $$(".cell-source[data-language] > code", body)) colourCode(code, code.parentElement.dataset.language);
}

function begin() {
  for (const body of $$(".markdown, .notebook")) if (!body.closest(".notebook .markdown")) improve(body);
  const target = location.hash && document.getElementById(`text-${decodeURIComponent(location.hash.slice(1)).toLowerCase()}`);
  if (target) target.scrollIntoView();
}

// The parts are scripts that come before this one runs, or before the document is whole.
if (document.readyState === "complete") begin();
else window.addEventListener("DOMContentLoaded", begin, { once: true });
