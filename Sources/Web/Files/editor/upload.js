// Files that are uploaded: they can be dropped, and are listed before they go.
import { $, h } from "../core/dom.js";
import { sizeOf } from "../core/format.js";

const form = $("[data-upload]");
const input = $("input[type='file']", form);
const drop = $(".drop", form);

function list() {
  $(".upload-list").replaceChildren(...[...input.files].map((file) => h("li", {}, file.name, " ", h("span", { class: "quiet" }, sizeOf(file.size)))));
}

input.addEventListener("change", list);
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", name === "dragover");
    if (name !== "drop" || event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    list();
  });
}
form.addEventListener("submit", () => { $(".button.primary", form).textContent = "Sending…"; });
