// One stream of what changes for the whole page: stops while nobody looks, and catches up afterwards.
import { signInAddress } from "./api.js";
import { base, root } from "./place.js";
import { $, h } from "./dom.js";

/** By kind: who listens to which thing, and by what a message names it. */
const watched = { run: new Map(), experiment: new Map(), artifacts: new Map(), home: new Map() };
const KEYS = { run: "run_id", experiment: "experiment_id", artifacts: "run_id", home: "home" };
const openListeners = new Set();
let source = null;
let openAddress = "";
let badge = null;
/** Whether nobody listened for a while before the stream that is opened. */
let wasAway = false;

/** Calls `act(wasAway)` whenever the stream begins anew; what only happens, such as new runs, may have been missed before that: much of it after nobody listened for a while. */
export function onOpen(act) { openListeners.add(act); }

/** Calls `told` with what the server says of a run, an experiment, the artifacts of a run, or of home (by no id); returns a function that ends it. */
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
  if (watched.home.size > 0) return `${root}/-/live`;
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
  wasAway ||= document.hidden;
  if (!wanted) return;
  source = new EventSource(wanted);
  source.addEventListener("open", () => {
    pause = FIRST_PAUSE_MS;
    tellOffline(false);
    for (const act of openListeners) act(wasAway);
    wasAway = false;
  });
  source.addEventListener("error", () => {
    wasAway = true;
    tellOffline(true);
    // The browser tries again by itself unless the server refused.
    if (source?.readyState === EventSource.CLOSED) tryAgain(wanted);
  });
  for (const kind of Object.keys(KEYS)) source.addEventListener(kind, (event) => tell(kind, event));
}

const [FIRST_PAUSE_MS, LAST_PAUSE_MS] = [5_000, 120_000];
let pause = FIRST_PAUSE_MS;

/** After what the server says to it: nothing is to be had any more by who has signed out, or of what is gone. */
async function tryAgain(wanted) {
  const ended = new AbortController();
  const status = await fetch(wanted, { signal: ended.signal }).then((answer) => answer.status, () => 0);
  ended.abort();
  if (wanted !== openAddress) return;
  if ([401, 403, 404].includes(status)) {
    tellEnded(status);
    return;
  }
  setTimeout(() => { if (wanted === openAddress) { openAddress = ""; open(); } }, pause);
  pause = Math.min(2 * pause, LAST_PAUSE_MS);
}

function tellEnded(status) {
  clearTimeout(offlineTimer);
  badge?.remove();
  const words = status === 404 ? "What this page shows is gone" : "You are signed out: what you see may be old";
  const link = status === 404 ? null : h("a", { href: signInAddress() }, "Sign in");
  badge = h("p", { class: "offline badge warn", role: "status" }, words, link && " ", link);
  $("body").append(badge);
}

function tell(kind, event) {
  const data = JSON.parse(event.data);
  for (const told of watched[kind].get(data[KEYS[kind]]) ?? []) told(data);
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
