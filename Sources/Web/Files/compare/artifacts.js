// The files of runs by their paths, and two of them side by side.
import { changeAddress } from "../charts/controls.js";
import { mlflow } from "../core/api.js";
import { h } from "../core/dom.js";
import { sizeOf } from "../core/format.js";
import { service } from "../core/place.js";
import { showPair } from "./pair.js";

const RUNS_MOST = 20;
const FILES_MOST = 500;

export const addressOf = (run, path) => `${service}/get-artifact?${new URLSearchParams({ run_uuid: run, path })}`;

/** Lists the files of the runs; those that every run has come first. */
export async function mountArtifacts(place, allRuns) {
  const runs = allRuns.slice(0, RUNS_MOST);
  const note = place.appendChild(h("p", { class: "quiet", role: "status" }, "Looking for files…"));
  const lists = await Promise.all(runs.map((run) => filesOf(run.id).catch(() => new Map())));
  const paths = [...new Set(lists.flatMap((files) => [...files.keys()]))];
  if (paths.length === 0) {
    note.textContent = "None of these runs has files.";
    return;
  }
  const isCut = paths.length > FILES_MOST || lists.some((files) => files.isCut);
  note.textContent = [
    allRuns.length > RUNS_MOST && `Files of the first ${RUNS_MOST} runs.`, isCut && `Not all files are listed: at most ${FILES_MOST}.`,
  ].filter(Boolean).join(" ");
  note.hidden = note.textContent === "";
  const havers = (path) => lists.filter((files) => files.has(path)).length;
  paths.sort((a, b) => havers(b) - havers(a) || a.localeCompare(b, undefined, { numeric: true }));
  const view = h("div", { class: "pair", hidden: true });
  const buttons = new Map();
  const open = (path) => {
    for (const [other, button] of buttons) button.setAttribute("aria-pressed", String(other === path));
    changeAddress((words) => words.set("artifact", path));
    const those = runs.map((run, index) => ({ run, size: lists[index].get(path), address: addressOf(run.id, path) })).filter(({ size }) => size !== undefined);
    view.hidden = false;
    showPair(view, path, those);
  };
  const rows = paths.slice(0, FILES_MOST).map((path) => {
    const button = h("button", { type: "button", class: "file-button clip", "aria-pressed": "false", title: path, onclick: () => open(path) }, path);
    buttons.set(path, button);
    return h("tr", {}, h("th", { scope: "row", class: "compare-name" }, button), lists.map((files, index) => h("td", { class: "number" },
      files.has(path) ? h("a", { href: addressOf(runs[index].id, path) }, sizeOf(files.get(path))) : h("span", { class: "quiet" }, "–"))));
  });
  place.append(h("div", { class: "scroll compare-scroll files", tabindex: 0, role: "region", "aria-label": "Files by path" }, h("table", { class: "list compare-table" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "compare-name" }, "File"), runs.map((run) => h("th", { scope: "col", class: "number" }, run.name)))),
    h("tbody", {}, rows))), view);
  const wanted = new URLSearchParams(location.search).get("artifact");
  if (wanted && buttons.has(wanted)) open(wanted);
}

/** Sizes by path, folder by folder. */
async function filesOf(run) {
  const found = new Map();
  const folders = [""];
  while (folders.length > 0 && found.size < FILES_MOST) {
    const folder = folders.shift();
    const { files = [] } = await mlflow("GET", "artifacts/list", { run_id: run, ...(folder ? { path: folder } : {}) });
    for (const file of files) {
      if (file.is_dir) folders.push(file.path);
      else found.set(file.path, Number(file.file_size ?? 0));
    }
  }
  found.isCut = folders.length > 0;
  return found;
}
