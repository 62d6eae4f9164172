// One stream of what changes for the whole page: stops while nobody looks, and catches up afterwards.
import { base } from "./place.js";
import { $, h } from "./dom.js";

const watched = { run: new Map(), experiment: new Map() };
let source = null;
let openAddress = "";
let badge = null;

/** Calls `told` with what the server says of a run or an experiment; returns a function that ends it. */
export function watch(kind, id, told) {
  const listeners = watched[kind].get(id) ?? new Set();
  listeners.add(told);
  watched[kind].set(id, listeners);
  refresh();
  return () => {
    listeners.delete(told);
    if (listeners.size === 0) watched[kind].delete(id);
    refresh();
  };
}

function address() {
  const words = new URLSearchParams();
  for (const kind of Object.keys(watched)) for (const id of [...watched[kind].keys()].sort()) words.append(kind, id);
  return words.size === 0 ? "" : `${base}/live?${words}`;
}

let pending;
function refresh() {
  clearTimeout(pending);
  pending = setTimeout(open, 50);
}

function open() {
  const wanted = document.hidden ? "" : address();
  if (wanted === openAddress && source?.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = null;
  openAddress = wanted;
  if (!wanted) return;
  source = new EventSource(wanted);
  source.addEventListener("open", () => tellOffline(false));
  source.addEventListener("error", () => {
    tellOffline(true);
    // The browser tries again by itself unless the server refused.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => { openAddress = ""; open(); }, 5_000);
  });
  source.addEventListener("run", (event) => tell("run", "run_id", event));
  source.addEventListener("experiment", (event) => tell("experiment", "experiment_id", event));
}

function tell(kind, key, event) {
  const data = JSON.parse(event.data);
  for (const told of watched[kind].get(data[key]) ?? []) told(data);
}

let offlineTimer;
function tellOffline(isOffline) {
  clearTimeout(offlineTimer);
  if (!isOffline) {
    badge?.remove();
    badge = null;
    return;
  }
  offlineTimer = setTimeout(() => {
    badge ??= h("p", { class: "offline badge warn", role: "status" }, "Not connected: what you see may be old");
    $("body").append(badge);
  }, 3_000);
}

document.addEventListener("visibilitychange", () => { open(); });
