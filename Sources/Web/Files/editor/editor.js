// The editor of a text file: colours and indentation by CodeMirror where it is installed, a preview of Markdown, and a warning
// before what was typed is left.
import { $, h } from "../core/dom.js";
import { attempt } from "../core/api.js";
import { improveAll } from "../previews/markdown.js";

const form = $("[data-editor]");
const text = $("#content", form);
const path = $("[name='path']", form);
const tabs = $("[data-editor-tabs]", form);
const preview = $("[data-preview]", form);

const MODES = {
  py: "python", md: "markdown", markdown: "markdown", yml: "yaml", yaml: "yaml", dvc: "yaml", lock: "yaml", js: "javascript",
  mjs: "javascript", ts: "text/typescript", json: "application/json", ipynb: "application/json", sh: "shell", bash: "shell",
  xml: "xml", html: "xml", svg: "xml", css: "css", sql: "sql", toml: "toml", c: "text/x-csrc", h: "text/x-csrc",
  cpp: "text/x-c++src", java: "text/x-java", swift: "text/x-csrc",
};

let editor = null;

const endingOf = (name) => name.split("/").at(-1).split(".").slice(1).at(-1)?.toLowerCase() ?? "";
const isMarkdown = () => ["md", "markdown"].includes(endingOf(path.value));
const written = () => editor?.getValue() ?? text.value;

function begin() {
  if (window.CodeMirror) {
    editor = window.CodeMirror.fromTextArea(text, { lineNumbers: true, lineWrapping: false, indentUnit: 4, mode: MODES[endingOf(path.value)] ?? null, viewportMargin: 50 });
    editor.setOption("extraKeys", {
      // Tab leaves the editor, so that the keyboard is not caught in it; Ctrl-] indents.
      Tab: false, "Shift-Tab": false, "Ctrl-]": "indentMore", "Ctrl-[": "indentLess",
    });
    editor.getInputField().setAttribute("aria-label", "Content");
  }
  const original = written();
  let isSent = false;
  form.addEventListener("submit", () => { editor?.save(); isSent = true; });
  window.addEventListener("beforeunload", (event) => { if (!isSent && written() !== original) event.preventDefault(); });
  path.addEventListener("input", () => {
    editor?.setOption("mode", MODES[endingOf(path.value)] ?? null);
    tabs.hidden = !isMarkdown();
  });
  tabs.hidden = !isMarkdown();
  tabs.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-show]");
    if (tab) attempt(() => show(tab.dataset.show));
  });
}

async function show(what) {
  for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.show === what));
  const isPreview = what === "preview";
  (editor?.getWrapperElement() ?? text).hidden = isPreview;
  preview.hidden = !isPreview;
  if (!isPreview) return;
  const words = new FormData();
  words.set("content", written());
  words.set("folder", path.value.split("/").slice(0, -1).join("/"));
  const response = await fetch(preview.dataset.preview, { method: "POST", body: words, headers: { "X-Roost-Request": "page" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const body = $(".body", preview);
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  body.replaceChildren(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
  if (!body.firstChild) body.append(h("p", { class: "quiet" }, "Nothing to show."));
  improveAll(body);
}

if (document.readyState === "complete") begin();
else window.addEventListener("DOMContentLoaded", begin, { once: true });
