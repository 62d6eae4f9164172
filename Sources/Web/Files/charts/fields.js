// What runs can be placed by: their params, metrics and attributes.
import { textOf } from "./ticks.js";

const ATTRIBUTES = {
  start: { text: "start time", kind: "time", of: (run) => run.start },
  duration: { text: "duration", kind: "span", of: (run) => (run.end === undefined ? undefined : run.end - run.start) },
  status: { text: "status", kind: "word", of: (run) => run.status },
  user: { text: "user", kind: "word", of: (run) => run.user },
  name: { text: "name", kind: "word", of: (run) => run.name },
};

/** The names of the fields that any of the runs has: `params.lr`, `metrics.loss`, `attributes.duration`. */
export function fieldsOf(runs) {
  const names = (kind) => [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).map((name) => `${kind}.${name}`);
  return { params: names("params"), metrics: names("metrics"), attributes: Object.keys(ATTRIBUTES).map((name) => `attributes.${name}`), tags: names("tags") };
}

/** What a run has in a field; undefined for nothing. */
export function valueOf(run, field) {
  const [kind, name] = split(field);
  if (kind === "attributes") return ATTRIBUTES[name]?.of(run);
  return run[kind]?.[name];
}

/** A field as an axis: `numbers` by run (NaN for nothing), whether it is of words, and those words. */
export function axisOf(runs, field) {
  const values = runs.map((run) => valueOf(run, field));
  const there = values.filter((value) => value !== undefined && value !== "");
  const kind = ATTRIBUTES[split(field)[1]]?.kind;
  const isOfAttributes = field.startsWith("attributes.");
  const isNumeric = there.length > 0 && (isOfAttributes ? kind !== "word" : there.every((value) => value === "NaN" || !Number.isNaN(Number(value))));
  if (isNumeric) {
    const numbers = values.map((value) => (value === undefined || value === "" ? NaN : Number(value)));
    return { field, name: labelOf(field), isOfWords: false, numbers, kind: isOfAttributes ? kind : "number", text: (value) => textOf(value, isOfAttributes ? kind : "number") };
  }
  const words = [...new Set(there.map(String))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const place = new Map(words.map((word, index) => [word, index]));
  const numbers = values.map((value) => place.get(String(value)) ?? NaN);
  return { field, name: labelOf(field), isOfWords: true, words, numbers, kind: "word", text: (value) => words[value] ?? "" };
}

/** Whether the runs differ in it. */
export function isVaried(runs, field) {
  return new Set(runs.map((run) => String(valueOf(run, field)))).size > 1;
}

export function labelOf(field) {
  const [kind, name] = split(field);
  return kind === "attributes" ? ATTRIBUTES[name]?.text ?? name : name;
}

function split(field) {
  const dot = field.indexOf(".");
  return [field.slice(0, dot), field.slice(dot + 1)];
}
