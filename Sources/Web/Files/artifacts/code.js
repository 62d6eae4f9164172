// Code in colours, and lines that can be linked to.
import { $, $$ } from "../core/dom.js";
import { colourCode } from "../previews/colour.js";

export function mountCode(element) {
  markLine(element);
  element.addEventListener("click", (event) => {
    const number = event.target.closest(".code-numbers a");
    if (!number) return;
    event.preventDefault();
    history.replaceState(history.state, "", event.shiftKey ? rangeTo(number) : number.hash);
    markLine(element);
  });
  colourCode($("code", element), element.dataset.language);
}

/** `#L3-L9` from the line that is marked to the one that was clicked. */
function rangeTo(number) {
  const ends = [...(location.hash.match(/\d+/g)?.slice(0, 1) ?? []), number.hash.slice(2)].map(Number).sort((a, b) => a - b);
  return ends.length === 2 ? `#L${ends[0]}-L${ends[1]}` : number.hash;
}

function markLine(element) {
  const found = location.hash.match(/^#L(\d+)(?:-L(\d+))?$/);
  const numbers = $$(".code-numbers a", element);
  $(".code-mark", element)?.remove();
  for (const number of numbers) number.classList.remove("marked");
  if (!found || numbers.length === 0) return;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  const marked = numbers.slice(first - 1, last);
  if (marked.length === 0) return;
  for (const number of marked) number.classList.add("marked");
  const bar = document.createElement("div");
  bar.className = "code-mark";
  bar.style.top = `${marked[0].offsetTop}px`;
  bar.style.height = `${marked.length * marked[0].offsetHeight}px`;
  element.append(bar);
  marked[0].scrollIntoView({ block: "nearest" });
}
