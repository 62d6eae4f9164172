// The colours of the present theme for canvases, which know no CSS variables.
import { coloursOf } from "../core/colours.js";

const NAMES = ["ink", "ink-quiet", "line", "line-strong", "paper", "paper-raised", "accent", "accent-soft"];
const listeners = new Set();
let colours = null;

/** `{ ink, inkQuiet, line, … }` as canvases understand them. */
export function themeColours() {
  if (colours) return colours;
  const probe = document.createElement("span");
  document.body.append(probe);
  colours = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colours[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** Calls `act` after the theme has changed; returns a function that ends it. */
export function onTheme(act) {
  listeners.add(act);
  return () => listeners.delete(act);
}

/** The colours of runs, which stay right when the theme changes: whoever asks later is told later. */
export function keptColours(ids) {
  const styles = coloursOf(ids);
  onTheme(() => { for (const [id, style] of coloursOf(ids)) styles.set(id, style); });
  return styles;
}

function changed() {
  colours = null;
  for (const act of listeners) act();
}

new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
