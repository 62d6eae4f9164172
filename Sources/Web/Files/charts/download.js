// Charts as files.
import { h } from "../core/dom.js";
import { toast } from "../core/toast.js";

/** Gives the browser a file to keep. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const fileName = (title, ending) => `${title.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "") || "chart"}.${ending}`;

/** An SVG as a picture of twice its size. */
export async function pngOf(svg) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const canvas = h("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Rows of cells as CSV. Spreadsheets take text that begins like a formula for one, so such text gets a quote before it. */
export function csvOf(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** A menu that downloads; each of `kinds` is `{ label, name, make }`, where `make` gives a Blob, soon or now. */
export function downloadMenu(label, kinds) {
  const menu = h("details", { class: "menu chart-menu" }, h("summary", { "aria-label": label, title: label }, "↓"));
  const body = h("div", { class: "menu-body" });
  for (const { text, name, make } of kinds) {
    body.append(h("button", {
      type: "button",
      onclick: async () => {
        menu.open = false;
        try { save(await make(), name()); } catch (error) { toast(error.message, { bad: true }); }
      },
    }, text));
  }
  menu.append(body);
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      event.stopPropagation();
      menu.open = false;
      menu.firstChild.focus();
    }
  });
  return menu;
}

/** Points of curves as CSV, one row a point. */
export function curvesCSV(curves, nameOf) {
  const rows = [["run_id", "run", "metric", "step", "time", "value"]];
  for (const curve of curves) {
    for (let place = 0; place < curve.step.length; place++) {
      rows.push([curve.run, nameOf(curve.run), curve.key, curve.step[place], new Date(curve.time[place]).toISOString(), curve.value[place]]);
    }
  }
  return new Blob([csvOf(rows)], { type: "text/csv" });
}
