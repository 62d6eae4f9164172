// What is done with the runs that are selected.
import { h } from "../core/dom.js";
import { mlflow, tellFailure } from "../core/api.js";
import { base, mayWrite } from "../core/place.js";
import { toast } from "../core/toast.js";
import { openPopup, closePopup } from "../core/popup.js";

const MOST_COMPARED = 500;
const AT_ONCE = 6;

/** Does something for each run, a few at a time; returns those for which it was done. */
async function forEachRun(ids, act) {
  const done = [];
  const left = [...ids];
  let failure = null;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left.length > 0 && !failure) {
      const id = left.shift();
      try {
        await act(id);
        done.push(id);
      } catch (error) { failure = error; }
    }
  }));
  if (failure) tellFailure(failure);
  return done;
}

const counted = (count) => `${count} ${count === 1 ? "run" : "runs"}`;

const numberOf = ({ count, isExact }) => `${count.toLocaleString("en")}${isExact ? "" : "+"}`;

/** The bar that shows while runs are selected. */
export function bulkBar({ address, columns, selection, changed }) {
  const selected = selection.runs;
  const clear = () => selection.clear();
  const count = h("b");
  const button = (label, act, className = "button small") => h("button", { type: "button", class: className, onclick: act }, label);
  const all = button("", () => selection.turnAll(), "button small");
  const restore = button("Restore", () => move("restore"));
  const remove = button("Delete", () => move("delete"), "button small danger");
  const element = h(
    "div", { class: "bulk", role: "toolbar", "aria-label": "Selected runs", hidden: true }, count, all,
    button("Compare", compare, "button small primary"), button("Charts", charts), button("CSV", csv), mayWrite ? button("Tag…", tag) : null, mayWrite ? remove : null, mayWrite ? restore : null,
    button("Clear", clear),
  );

  async function move(way, ids = [...selected.keys()]) {
    const done = await forEachRun(ids, (id) => mlflow("POST", `runs/${way}`, { run_id: id }));
    if (done.length === 0) return;
    clear();
    changed();
    const back = way === "delete" ? "restore" : "delete";
    toast(`${way === "delete" ? "Deleted" : "Restored"} ${counted(done.length)}`, { undo: () => move(back, done) });
  }

  function tag(event) {
    const key = h("input", { required: true, "aria-label": "Tag", placeholder: "Tag", list: "known-tags" });
    const value = h("input", { "aria-label": "Value", placeholder: "Value" });
    const form = h("form", { class: "tag-form" }, key, value, h("button", { class: "button primary" }, `Tag ${counted(selected.size)}`));
    form.addEventListener("submit", async (submitted) => {
      submitted.preventDefault();
      closePopup();
      const ids = [...selected.keys()];
      const done = await forEachRun(ids, (id) => mlflow("POST", "runs/set-tag", { run_id: id, key: key.value, value: value.value }));
      if (done.length > 0) toast(`Tagged ${counted(done.length)}`);
      changed();
    });
    openPopup(event.currentTarget, form);
    key.focus();
  }

  function compare() {
    if (selected.size < 2) return toast("Select two runs or more to compare them");
    if (selected.size > MOST_COMPARED) return toast(`At most ${MOST_COMPARED} runs are compared at once`);
    const words = new URLSearchParams([...selected.keys()].map((id) => ["run", id]));
    location.href = `${base}/runs/compare?${words}`;
  }

  function csv() {
    if (selected.size > MOST_COMPARED) return toast(`At most ${MOST_COMPARED} runs are written at once; the button above the table writes all that it shows`);
    const words = new URLSearchParams([...selected.keys()].map((id) => ["run", id]));
    words.set("columns", columns());
    h("a", { href: `${address}/runs.csv?${words}`, download: "" }).click();
  }

  function charts() {
    if (selected.size > MOST_COMPARED) return toast(`Charts show at most ${MOST_COMPARED} runs`);
    const words = new URLSearchParams([...selected.keys()].map((id) => ["run", id]));
    location.href = `${address}/charts?${words}`;
  }

  return {
    element,
    compare,
    show() {
      element.hidden = selected.size === 0;
      const { more } = selection;
      count.textContent = more ? `${selected.size.toLocaleString("en")} of ${numberOf(more)} runs selected` : `${counted(selected.size)} selected`;
      all.hidden = !more;
      if (more) all.textContent = more.most < more.count ? `Select the first ${more.most.toLocaleString("en")}` : `Select all ${numberOf(more)}`;
      const stages = new Set([...selected.values()].map((row) => row.stage));
      restore.hidden = !stages.has("deleted");
      remove.hidden = !stages.has("active");
    },
  };
}
