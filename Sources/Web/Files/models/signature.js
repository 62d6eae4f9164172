// Reads the bytes of a version again, or has it signed, and says what came of it.
import { ask, attempt } from "../core/api.js";
import { $, h } from "../core/dom.js";

const MOST_PATHS = 20;
const card = $(".signature");
const result = card && $(".signature-result", card);

function told(answer) {
  if (answer.verified) return h("p", { class: "badge good" }, `All ${answer.intact} files are as they were signed`);
  const lists = ["changed", "missing", "added"].filter((word) => answer[word]?.length);
  return h("div", { class: "note bad" },
    h("strong", {}, "Not verified"),
    answer.reason ? h("p", {}, answer.reason) : null,
    lists.map((word) => h("p", {}, `${word}: `, answer[word].slice(0, MOST_PATHS).map((path) => h("code", { class: "path" }, path)),
      answer[word].length > MOST_PATHS ? `… and ${answer[word].length - MOST_PATHS} more` : null)));
}

async function verify(event) {
  event.preventDefault();
  result.replaceChildren(h("p", { class: "quiet small" }, "Reading every byte …"));
  const done = await attempt(async () => result.replaceChildren(told(await ask("GET", card.dataset.verify))));
  if (!done) result.replaceChildren();
}

async function sign() {
  const { sign: address, name, version } = card.dataset;
  if (await attempt(() => ask("POST", address, { name, version }))) location.reload();
}

if (card) {
  $('[data-action="verify"]', card)?.addEventListener("click", verify);
  const button = $('[data-action="sign"]', card);
  if (button) {
    button.hidden = false;
    button.addEventListener("click", sign);
  }
}
