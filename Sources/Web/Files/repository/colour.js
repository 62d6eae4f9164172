// Colours of code, by the part highlight.js where it is installed.
import { $$ } from "../core/dom.js";

/** More would hold up the page. */
const MOST_CHARACTERS = 400_000;

const ready = new Promise((resolve) => {
  if (document.readyState === "complete" || window.hljs) resolve();
  else window.addEventListener("DOMContentLoaded", resolve, { once: true });
});

/** The markup of a text in colours, as elements; nil where it stays as it is. */
function coloured(text, language) {
  const hljs = window.hljs;
  if (!hljs || !language || !hljs.getLanguage(language) || text.length > MOST_CHARACTERS) return null;
  // Its markup has escaped what stands in the text; nothing else comes into it.
  const parsed = new DOMParser().parseFromString(hljs.highlight(language, text, true).value, "text/html");
  return parsed.body;
}

/** Parts what is coloured at its line ends; what spans several lines is opened again on each. */
function linesOf(node) {
  const lines = [document.createDocumentFragment()];
  for (const child of node.childNodes) {
    const parts = child.nodeType === Node.TEXT_NODE
      ? child.data.split("\n").map((text) => document.createTextNode(text))
      : linesOf(child).map((inside) => {
        const copy = child.cloneNode(false);
        copy.append(inside);
        return copy;
      });
    lines[lines.length - 1].append(parts[0]);
    for (const part of parts.slice(1)) {
      const line = document.createDocumentFragment();
      line.append(part);
      lines.push(line);
    }
  }
  return lines;
}

export async function colourLines(block) {
  await ready;
  const cells = $$(".line-text", block);
  if (cells.some((cell) => cell.firstElementChild)) return;
  const body = coloured(cells.map((cell) => cell.textContent).join("\n"), block.dataset.language);
  if (!body) return;
  const lines = linesOf(body);
  if (lines.length !== cells.length) return;
  cells.forEach((cell, place) => cell.replaceChildren(lines[place]));
}

/** A piece of code that stands by itself. */
export async function colourCode(code, language) {
  await ready;
  const body = coloured(code.textContent, language);
  if (body) code.replaceChildren(...body.childNodes);
}
