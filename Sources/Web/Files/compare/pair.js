// One file of two runs: pictures under a curtain, tables cell by cell, other text line by line.
import { h } from "../core/dom.js";
import { sizeOf } from "../core/format.js";
import { diffLines } from "./difflines.js";
import { diffTables, parseTable } from "./tables.js";

const TEXT_MOST = 1_000_000;
const PLAIN_MOST = 200_000;
const IMAGE = /\.(png|jpe?g|gif|webp|bmp|avif)$/i;

/** `files`: `[{ run, size, address }]`, one at least. */
export function showPair(view, path, files) {
  let question = 0;
  const chosen = [0, Math.min(1, files.length - 1)];
  const body = h("div", { class: "pair-body" });
  const choice = (label, place) => h("label", { class: "chart-choice" }, h("span", {}, label), h("select", {
    onchange: (event) => {
      chosen[place] = Number(event.target.value);
      show();
    },
  }, files.map(({ run }, index) => h("option", { value: index, selected: index === chosen[place] }, run.name))));
  const show = async () => {
    const mine = ++question;
    const [a, b] = chosen.map((index) => files[index]);
    body.replaceChildren(h("p", { class: "quiet" }, "Reading…"));
    const shown = await compared(path, a, b).catch((error) => h("p", { class: "note bad" }, error.message));
    if (mine === question) body.replaceChildren(shown);
  };
  view.replaceChildren(h("h3", {}, path), h("div", { class: "row" }, choice("A", 0), files.length > 1 && choice("B", 1)), body);
  show();
}

async function compared(path, a, b) {
  if (IMAGE.test(path)) return a === b ? picture(a) : curtain(a, b);
  const size = Math.max(a.size, b.size);
  if (size > TEXT_MOST) return h("p", {}, `${sizeOf(size)} are too much to show side by side: `, h("a", { href: a.address }, "A"), ", ", h("a", { href: b.address }, "B"));
  const [one, other] = await Promise.all([textOf(a), textOf(b)]);
  if (one.includes("\0") || other.includes("\0")) return h("p", {}, one === other ? "The files are the same." : "The files are binary, and differ.");
  if (one === other && a !== b) return h("div", {}, h("p", { class: "note" }, "Both files are the same."), plain(one));
  if (a === b) return plain(one);
  const tables = [parseTable(path, one), parseTable(path, other)];
  return tables[0] && tables[1] ? diffTables(...tables) : diffLines(one, other);
}

async function textOf({ address }) {
  const response = await fetch(address, { headers: { "X-Roost-Request": "page" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.text();
}

const plain = (text) => h("div", {},
  h("pre", { class: "pair-text", tabindex: 0 }, h("code", {}, text.slice(0, PLAIN_MOST))),
  text.length > PLAIN_MOST && h("p", { class: "quiet small" }, `… and ${(text.length - PLAIN_MOST).toLocaleString("en")} characters more`));

const SMALL_PIXELS = 200;

/** A picture; of a small one each pixel is shown as a square of several, so that it can be looked at. */
function image(address, alt) {
  const element = h("img", { src: address, alt, onload: () => {
    const { naturalWidth: width, naturalHeight: height } = element;
    const times = Math.floor((2 * SMALL_PIXELS) / Math.max(width, height, 1));
    if (times < 2) return;
    element.classList.add("small-picture");
    element.style.width = `${width * times}px`;
  } });
  return element;
}

const picture = ({ run, address }) => h("figure", {}, image(address, run.name), h("figcaption", {}, run.name));

/** Two pictures one over the other; how much of the upper one is seen is drawn by a slider, which keys move too. */
function curtain(a, b) {
  const upper = image(a.address, `A: ${a.run.name}`);
  const lower = image(b.address, `B: ${b.run.name}`);
  const edge = h("span", { class: "curtain-edge" });
  const draw = (percent) => {
    upper.style.clipPath = `inset(0 ${100 - percent}% 0 0)`;
    edge.style.left = `${percent}%`;
  };
  const stage = h("div", { class: "curtain" }, lower, upper, edge);
  const slider = h("input", { type: "range", min: 0, max: 100, value: 50, class: "curtain-slider", "aria-label": `How much of ${a.run.name} covers ${b.run.name}`, oninput: (event) => draw(Number(event.target.value)) });
  draw(50);
  const frame = h("div", { class: "curtain-frame" }, h("div", { class: "row between small" }, h("span", {}, `A: ${a.run.name}`), h("span", {}, `B: ${b.run.name}`)), stage, slider);
  const side = h("div", { class: "pictures", hidden: true }, picture(a), picture(b));
  const button = h("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: () => {
    side.hidden = !side.hidden;
    frame.hidden = !side.hidden;
    button.setAttribute("aria-pressed", String(!side.hidden));
  } }, "Side by side");
  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 0) return;
    const { left, width } = stage.getBoundingClientRect();
    slider.value = String(Math.round(((event.clientX - left) / width) * 100));
    draw(Number(slider.value));
  });
  return h("div", { class: "stack" }, h("div", {}, button), frame, side);
}
