// Registers a model of a run: under a name that is there, or under a new one.
import { attempt, mlflow } from "../core/api.js";
import { $ } from "../core/dom.js";
import { base } from "../core/place.js";

const form = $("form.register");
const button = form && $("button", form);

async function ensureModel(name) {
  try {
    await mlflow("POST", "registered-models/create", { name });
  } catch (error) {
    const isThere = error.code === "RESOURCE_ALREADY_EXISTS" && !error.message.includes("taken by a prompt");
    if (!isThere) throw error;
  }
}

async function register(event) {
  event.preventDefault();
  button.disabled = true;
  const chosen = $("[name=source]:checked", form);
  const name = form.elements.name.value.trim();
  const fields = { name, source: chosen.value, run_id: form.dataset.run, description: form.elements.description.value };
  if (chosen.dataset.model) fields.model_id = chosen.dataset.model;
  const done = await attempt(async () => {
    await ensureModel(name);
    const { model_version: version } = await mlflow("POST", "model-versions/create", fields);
    location.assign(`${base}/models/${encodeURIComponent(name)}/versions/${version.version}`);
  });
  if (!done) button.disabled = false;
}

if (form) {
  button.disabled = false;
  form.addEventListener("submit", register);
}
