// The bar of choices above charts of lines.
import { h } from "../core/dom.js";

/** What charts begin with. */
export const DEFAULTS = { axis: "step", smooth: 0, logX: false, logY: false, clip: false, group: "", band: "range" };

let number = 0;

/**
 * A bar that tells `changed` what is chosen.
 *
 * `groups`: names of params and tags by which runs can be put together, such as `params.lr`; none where there is one run.
 */
export function lineControls(options, changed, { groups = [] } = {}) {
  const tell = (more) => changed(Object.assign(options, more));
  const choice = (label, key, values) => h("label", { class: "chart-choice" }, h("span", {}, label), h("select", {
    name: key,
    onchange: (event) => { tell({ [key]: event.target.value }); bar.sync(); },
  }, Object.entries(values).map(([value, text]) => h("option", { value, selected: String(options[key]) === value }, text))));
  const check = (label, key, title) => h("label", { class: "chart-choice", title }, h("input", {
    type: "checkbox", name: key, checked: options[key], onchange: (event) => tell({ [key]: event.target.checked }),
  }), label);
  const id = `smooth-${++number}`;
  const amount = h("output", { for: id, class: "mono small" }, String(options.smooth));
  const slider = h("input", {
    id, type: "range", name: "smooth", min: 0, max: 0.99, step: 0.01, value: options.smooth,
    oninput: (event) => {
      amount.textContent = event.target.value;
      tell({ smooth: Number(event.target.value) });
    },
  });
  const band = choice("Band", "band", { range: "min to max", std: "± std" });
  const bar = h("div", { class: "chart-controls row", role: "group", "aria-label": "How lines are drawn" },
    choice("X", "axis", { step: "step", time: "wall time", relative: "relative time" }),
    h("label", { class: "chart-choice", for: id }, h("span", {}, "Smoothing"), slider, amount),
    check("Log X", "logX", "Steps or relative times on a logarithmic axis"),
    check("Log Y", "logY", "Values on a logarithmic axis; those below nought are left out"),
    check("Clip outliers", "clip", "Lets the axis end where nearly all values do"),
    groups.length > 0 && choice("Mean by", "group", { "": "no group", ...Object.fromEntries(groups.map((name) => [name, name])) }),
    groups.length > 0 && band,
  );
  bar.sync = () => { band.hidden = !options.group; };
  bar.sync();
  return bar;
}

/** What of the choices is in an address; a choice is `prefix` and its name. */
export function optionsFrom(words, prefix = "") {
  const options = { ...DEFAULTS };
  for (const [key, standard] of Object.entries(DEFAULTS)) {
    const text = words.get(prefix + key);
    if (text === null) continue;
    if (typeof standard === "boolean") options[key] = text === "yes";
    else if (typeof standard === "number") options[key] = Math.min(0.99, Math.max(0, Number(text) || 0));
    else options[key] = text;
  }
  if (!["step", "time", "relative"].includes(options.axis)) options.axis = DEFAULTS.axis;
  if (!["range", "std"].includes(options.band)) options.band = DEFAULTS.band;
  return options;
}

/** Writes the choices into an address; those that are as at the beginning are left out. */
export function optionsInto(words, options, prefix = "") {
  for (const [key, standard] of Object.entries(DEFAULTS)) {
    const value = options[key];
    if (value === standard || value === undefined) words.delete(prefix + key);
    else words.set(prefix + key, typeof value === "boolean" ? "yes" : String(value));
  }
}

/** A form that asks for the page anew takes those words along that are not its own; `own` are its own. */
export function keepWords(form, own) {
  form.addEventListener("submit", () => {
    for (const kept of form.querySelectorAll("[data-kept]")) kept.remove();
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (!own.includes(name)) form.append(h("input", { type: "hidden", name, value, "data-kept": true }));
    }
  });
}

/** Changes the words of the page's address in place, and tells the window by `addresschange`. */
export function changeAddress(act) {
  const words = new URLSearchParams(location.search);
  act(words);
  const text = words.toString();
  history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : "") + location.hash);
  dispatchEvent(new Event("addresschange"));
}
