// Colours of code, by the part highlight.js where it is installed.
import { $$ } from "../core/dom.js";
import { highlighter } from "./parts.js";

/** More would hold up the page. */
const MOST_CHARACTERS = 400_000;

/** The markup of a text in colours, as elements; null where it stays as it is. */
async function coloured(text, language) {
  if (!language || language === "plaintext" || text.length > MOST_CHARACTERS) return null;
  const hljs = await highlighter();
  if (!hljs?.getLanguage(language)) return null;
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

/** Colours the lines of a text, each in a cell of its own; what is marked in them stays marked. */
export async function colourLines(cells, language) {
  const body = await coloured(cells.map(textOf).join("\n"), language);
  if (!body) return;
  const lines = linesOf(body);
  if (lines.length !== cells.length) return;
  cells.forEach((cell, place) => paint(cell, lines[place]));
}

/** What says that something is left out is none of the line. */
const isCut = (node) => node.nodeType === Node.ELEMENT_NODE && node.classList.contains("cut");
const textOf = (cell) => [...cell.childNodes].filter((node) => !isCut(node)).map((node) => node.textContent).join("");

function paint(cell, line) {
  const marks = [];
  let length = 0;
  for (const node of cell.childNodes) {
    if (node.nodeName === "MARK") marks.push([length, length + node.textContent.length]);
    length += node.textContent.length;
  }
  for (const [start, end] of marks) mark(line, start, end);
  cell.replaceChildren(line, ...[...cell.childNodes].filter(isCut));
}

/** Puts a mark around the characters from `start` up to `end`, piece by piece where colours change within them. */
function mark(line, start, end) {
  const texts = [];
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode);
  let place = 0;
  for (const text of texts) {
    const [from, to] = [Math.max(start - place, 0), Math.min(end - place, text.length)];
    place += text.length;
    if (from >= to) continue;
    const piece = text.splitText(from);
    piece.splitText(to - from);
    const element = document.createElement("mark");
    piece.replaceWith(element);
    element.append(piece);
  }
}

/** A piece of code that stands by itself. */
export async function colourCode(code, language) {
  const body = await coloured(code.textContent, language);
  if (body) code.replaceChildren(...body.childNodes);
}
