// The page of a run or a logged model: edits that show at once, and what changes while it runs.
import { attempt, mlflow } from "../core/api.js";
import { $, $$, h, settle } from "../core/dom.js";
import { agoOf, nameOf, numberOf, spanOf } from "../core/format.js";
import { watch } from "../core/live.js";
import { renew, renewNow } from "../core/renew.js";
import { toast } from "../core/toast.js";

const article = $("article.run");
const { run, model } = article.dataset;

// MARK: What can be changed

const calls = run
  ? {
      setTag: (key, value) => mlflow("POST", "runs/set-tag", { run_id: run, key, value }),
      deleteTag: (key) => mlflow("POST", "runs/delete-tag", { run_id: run, key }),
    }
  : {
      setTag: (key, value) => mlflow("PATCH", `logged-models/${encodeURIComponent(model)}/tags`, { model_id: model, tags: [{ key, value }] }),
      deleteTag: (key) => mlflow("DELETE", `logged-models/${encodeURIComponent(model)}/tags/${encodeURIComponent(key)}`),
    };

const deeds = {
  stop: async () => {
    const old = $(".run-head").dataset.status;
    showStatus("KILLED");
    if (!(await attempt(() => mlflow("POST", "runs/update", { run_id: run, status: "KILLED", end_time: Date.now() })))) {
      showStatus(old);
      return;
    }
    await renewNow(".run-head");
    toast("Stopped");
  },
  delete: async () => {
    if (!(await attempt(() => mlflow("POST", "runs/delete", { run_id: run })))) return;
    await renewNow(".run-head", "#tags", "#description");
    toast("Moved to the bin", { undo: () => deeds.restore() });
  },
  restore: async () => {
    if (!(await attempt(() => mlflow("POST", "runs/restore", { run_id: run })))) return;
    await renewNow(".run-head", "#tags", "#description");
    toast("Restored");
  },
};

const forms = [
  ["[data-deed]", (form) => deeds[form.dataset.deed]()],
  ["[data-rename] form", rename],
  ["[data-note-edit] form", describe],
  ["[data-tag-set]", setTag],
  ["[data-tag-delete]", deleteTag],
];

document.addEventListener("submit", (event) => {
  for (const [selector, act] of forms) {
    if (!event.target.matches(selector)) continue;
    event.preventDefault();
    act(event.target);
    return;
  }
});

async function rename(form) {
  const name = form.elements.name.value.trim();
  if (!name) return;
  const old = $(".run-head [data-run-name]").textContent;
  showName(name);
  form.closest("details").open = false;
  if (await attempt(() => mlflow("POST", "runs/update", { run_id: run, run_name: name }))) return;
  showName(old);
}

/** What the run is called, wherever the page says it. */
function showName(name) {
  const shown = $$(".run-head [data-run-name], .crumbs [aria-current] bdi");
  const old = $(".run-head [data-run-name]").textContent;
  const start = document.title.lastIndexOf(`${old} · `);
  if (start >= 0) document.title = document.title.slice(0, start) + name + document.title.slice(start + old.length);
  for (const element of shown) element.textContent = name;
}

async function describe(form) {
  const note = form.elements.note.value;
  const shown = $("[data-note]");
  const old = [...shown.childNodes];
  shown.replaceChildren(h("p", { class: "pending-note" }, note));
  const edit = form.closest("details");
  edit.open = false;
  if (await attempt(() => calls.setTag("mlflow.note.content", note))) return renewNow("#description");
  shown.replaceChildren(...old);
  edit.open = true;
}

async function setTag(form) {
  const [key, value] = [form.elements.key.value, form.elements.value.value];
  const row = $$("tr[data-tag]").find((element) => element.dataset.tag === key);
  const cell = row && $("[data-tag-value]", row);
  const old = cell?.textContent;
  let added;
  if (cell) cell.textContent = value;
  else {
    added = h("tr", { class: "pending" }, h("td", {}, key), h("td", {}, value));
    const body = $("#tags table.tags tbody");
    if (body && form.matches("[data-tag-add]")) body.append(added);
  }
  const menu = form.closest("details");
  menu.open = false;
  if (await attempt(() => calls.setTag(key, value))) return renewNow("#tags");
  if (cell) cell.textContent = old;
  added?.remove();
  menu.open = true;
}

async function deleteTag(form) {
  const key = form.elements.key.value;
  const row = form.closest("tr");
  const value = $("[data-tag-value]", row).textContent;
  row.hidden = true;
  if (!(await attempt(() => calls.deleteTag(key)))) {
    row.hidden = false;
    return;
  }
  await renewNow("#tags");
  toast(`Deleted the tag ${key}`, { undo: () => attempt(async () => { await calls.setTag(key, value); await renewNow("#tags"); }) });
}

// MARK: Finding metrics and params

const search = $("[data-search]");
if (search) {
  const find = () => {
    const words = search.value.toLowerCase();
    for (const row of $$("#metrics tbody tr, #params tbody tr")) {
      const value = $("[data-param]", row)?.textContent ?? "";
      row.hidden = !`${row.dataset.key}\n${value}`.toLowerCase().includes(words);
    }
    const address = new URL(location.href);
    if (words) address.searchParams.set("q", search.value);
    else address.searchParams.delete("q");
    history.replaceState(history.state, "", address);
  };
  search.addEventListener("input", settle(find, 80));
  search.form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
  const findAmongAll = async () => {
    const response = await fetch(location.pathname);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    $("#values").replaceWith(document.adoptNode($("#values", fresh)));
    find();
  };
  // What the server left out is needed once the words change, which they may have done before this script came.
  const isChanged = search.value !== search.defaultValue;
  if (!search.defaultValue) { if (isChanged) find(); }
  else if (isChanged) findAmongAll();
  else search.addEventListener("input", findAmongAll, { once: true });
}

// MARK: While it runs

const LABELS = { RUNNING: ["Running", "busy"], SCHEDULED: ["Scheduled", "accent"], FINISHED: ["Finished", "good"], FAILED: ["Failed", "bad"], KILLED: ["Killed", "warn"] };

function showStatus(status) {
  const [label, tone] = LABELS[status] ?? [status, ""];
  $(".run-head [data-run-status]").replaceWith(h("span", { class: `badge ${tone}`, dataset: { runStatus: status } }, label));
  $(".run-head").dataset.status = status;
}

function tellSpan() {
  const { start, end, status } = $(".run-head").dataset;
  const shown = $("[data-run-span]");
  if (!shown) return;
  if (end) shown.textContent = spanOf(Math.max(0, end - start));
  else if (status === "RUNNING") shown.textContent = spanOf(Math.max(0, Date.now() - start));
}

let known;
function told(now) {
  const head = $(".run-head");
  if (head.dataset.status !== now.status) {
    if (now.end_time) head.dataset.end = now.end_time;
    showStatus(now.status);
    renew(".run-head");
  }
  const name = $(".run-head [data-run-name]");
  if (name.textContent !== nameOf(now.name, run) && !$("[data-rename][open]")) showName(nameOf(now.name, run));
  tellSpan();
  const rows = new Map($$("#metrics tbody tr").map((row) => [row.dataset.key, row]));
  const figures = new Map($$(".metric-line").map((figure) => [figure.dataset.key, figure]));
  let isNew = false;
  for (const metric of now.metrics) {
    const row = rows.get(metric.key);
    if (row) {
      $("[data-value]", row).textContent = numberOf(metric.value);
      $("[data-value]", row).title = metric.value;
      $("[data-step]", row).textContent = metric.step;
      const time = $("time", row);
      time.dataset.ms = metric.timestamp;
      time.textContent = agoOf(metric.timestamp);
    } else if (!search?.value && $("#values")) isNew = true;
    const figure = figures.get(metric.key);
    if (figure) $("[data-value]", figure).textContent = numberOf(metric.value);
  }
  const count = $("#metric-count");
  if (count) count.textContent = now.metrics.length;
  if (known && known.params !== now.params && $("#values")) isNew = true;
  if (isNew) renew("#values");
  if (known && known.tags !== now.tags && $("#tags")) renew("#tags");
  known = { params: now.params, tags: now.tags };
}

if (run) {
  watch("run", run, told);
  setInterval(tellSpan, 1_000);
}
