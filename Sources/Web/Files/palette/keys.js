// Keys that go to pages and do what the page can do.
import { h } from "../core/dom.js";
import { allCommands } from "./commands.js";

const PAUSE_MS = 1_200;
let begun = "";
let timer;

/** Takes a key that was pressed where nobody types. */
export function takeKey(event) {
  if (event.key === "?") {
    showKeys();
    return;
  }
  const keys = begun ? `${begun} ${event.key}` : event.key;
  begun = "";
  clearTimeout(timer);
  const commands = allCommands().filter((command) => command.keys);
  const command = commands.find((one) => one.keys === keys);
  if (command) {
    command.run();
    return;
  }
  if (!commands.some((one) => one.keys.startsWith(`${keys} `))) return;
  begun = keys;
  timer = setTimeout(() => { begun = ""; }, PAUSE_MS);
}

let dialog = null;

/** Shows the keys of this page. */
function showKeys() {
  dialog?.remove();
  const close = () => dialog.close();
  // A page may take a key for itself.
  const keys = [...new Map([["Ctrl K", "Find or do"], ["/", "Find or do"], ["?", "These keys"], ...allCommands().filter((one) => one.keys).map((one) => [one.keys, one.title])])];
  dialog = h("dialog", { "aria-labelledby": "keys-title" }, h("div", { class: "body" },
    h("div", { class: "row between" }, h("h2", { id: "keys-title", style: { margin: "0" } }, "Keys of this page"), h("button", { type: "button", class: "button small", onclick: close }, "Close")),
    h("dl", { class: "facts", style: { marginTop: "12px" } }, keys.flatMap(([key, title]) => [h("dt", {}, key.split(" ").flatMap((part) => [h("kbd", {}, part), " "])), h("dd", {}, title)]))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
