// Two texts line by line.
import { h } from "../core/dom.js";

const AROUND = 3;
const EDITS_MOST = 1_500;

/** What was kept, taken and added: `[{ kind: " " | "-" | "+", text, a, b }]` with the numbers of the lines. */
export function editsOf(one, other) {
  const [a, b] = [one.split("\n"), other.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const kept = (from, length, shift) => Array.from({ length }, (_, place) => ({ kind: " ", text: a[from + place], a: from + place + 1, b: from + place + 1 + shift }));
  return [
    ...kept(0, start, 0),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)).map((edit) => ({ ...edit, a: edit.a && edit.a + start, b: edit.b && edit.b + start })),
    ...kept(a.length - end, end, b.length - a.length),
  ];
}

/** Myers' shortest way from one list to the other; where that is long, all of the one is taken and all of the other added. */
function middle(a, b) {
  const trace = [];
  const reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(a.length + b.length, EDITS_MOST); edits++) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
      let x = isDown ? reach.get(diagonal + 1) : reach.get(diagonal - 1) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walked(trace, a, b);
    }
  }
  return [...a.map((text, place) => ({ kind: "-", text, a: place + 1 })), ...b.map((text, place) => ({ kind: "+", text, b: place + 1 }))];
}

function walked(trace, a, b) {
  const edits = [];
  let [x, y] = [a.length, b.length];
  for (let step = trace.length - 1; step >= 0; step--) {
    const reach = trace[step];
    const diagonal = x - y;
    const isDown = diagonal === -step || (diagonal !== step && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = step === 0 ? 0 : reach.get(before);
    const fromY = step === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      edits.push({ kind: " ", text: a[x - 1], a: x, b: y });
      x--;
      y--;
    }
    if (step === 0) break;
    if (isDown) edits.push({ kind: "+", text: b[y - 1], b: y });
    else edits.push({ kind: "-", text: a[x - 1], a: x });
    [x, y] = [fromX, fromY];
  }
  return edits.reverse();
}

/** The differences of two texts with some lines around them. */
export function diffLines(one, other) {
  const edits = editsOf(one, other);
  const isNear = edits.map(() => false);
  edits.forEach(({ kind }, place) => {
    if (kind !== " ") for (let near = Math.max(0, place - AROUND); near <= Math.min(edits.length - 1, place + AROUND); near++) isNear[near] = true;
  });
  const rows = [];
  edits.forEach(({ kind, text, a, b }, place) => {
    if (!isNear[place]) {
      if (place === 0 || isNear[place - 1]) rows.push(h("tr", { class: "gap" }, h("td", { colspan: 4 }, "⋯")));
      return;
    }
    rows.push(h("tr", { class: { "-": "taken", "+": "added", " ": null }[kind] },
      h("td", { class: "number quiet" }, a ? String(a) : ""), h("td", { class: "number quiet" }, b ? String(b) : ""),
      h("td", { class: "sign" }, kind), h("td", { class: "code" }, text)));
  });
  const count = (wanted) => edits.filter(({ kind }) => kind === wanted).length;
  return h("div", {}, h("p", { class: "small" }, `${count("+")} lines added, ${count("-")} taken away from A to B`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Differences" }, h("table", { class: "lines-diff" }, h("tbody", {}, rows))));
}
