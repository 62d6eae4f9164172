// A page of an experiment without runs becomes another one as soon as the first begins.
import { ask } from "./api.js";
import { settle } from "./dom.js";
import { onOpen, watch } from "./live.js";
import { base } from "./place.js";

const PAUSE_MS = 1_500;

export function reloadAtFirstRun(experiment) {
  watch("experiment", experiment, ({ begun }) => { if (begun.length > 0) location.reload(); });
  // What began before the stream did is asked for; when the server is away, the next stream asks again.
  onOpen(settle(async () => {
    const { count } = await ask("GET", `${base}/experiments/${experiment}/count.json`).catch(() => ({ count: 0 }));
    if (count > 0) location.reload();
  }, PAUSE_MS));
}
