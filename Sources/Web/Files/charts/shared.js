// What the charts of a page have in common: the run that is pointed at.
const listeners = new Set();
let present = null;

/** Points at a run in every chart of the page; null for none. */
export function pointAt(id) {
  if (id === present) return;
  present = id;
  for (const told of listeners) told(id);
}

/** Calls `told` with the run that is pointed at; returns a function that ends it. */
export function onPoint(told) {
  listeners.add(told);
  return () => listeners.delete(told);
}
