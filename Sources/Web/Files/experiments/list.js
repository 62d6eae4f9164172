// The list of experiments: deletes without leaving the page, and can take it back.
import { $, $$ } from "../core/dom.js";
import { attempt, mlflow } from "../core/api.js";
import { toast } from "../core/toast.js";

for (const form of $$("form[data-delete]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { delete: id, name } = form.dataset;
    const row = form.closest("tr");
    const done = await attempt(() => mlflow("POST", "experiments/delete", { experiment_id: id }));
    if (!done) return;
    row.hidden = true;
    toast(`Deleted ${name}`, {
      undo: () => attempt(async () => {
        await mlflow("POST", "experiments/restore", { experiment_id: id });
        row.hidden = false;
      }),
    });
  });
}

$("[name=stage]").addEventListener("change", (event) => event.target.form.requestSubmit());

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  $("[data-find]").focus();
});
