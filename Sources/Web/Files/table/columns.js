// Columns as the address names them: `created`, `m.val/loss:w140:pin:max`, `p.lr`, `t.team`.
// Behind the name stand, each after a colon: wN the width, pin or unpin, the choice of a metric (min, max, best), and spark.

const TAGS = { source: "mlflow.source.name", version: "mlflow.source.git.commit" };

const ATTRIBUTES = {
  name: { label: "Name", order: "attributes.run_name", width: innerWidth < 720 ? 168 : 240, pinned: true },
  status: { label: "Status", order: "attributes.status", width: 110 },
  created: { label: "Created", order: "attributes.start_time", width: 130 },
  duration: { label: "Duration", order: "attributes.duration", isFiltered: false, width: 110, number: true },
  user: { label: "User", order: "attributes.user_id", width: 110 },
  source: { label: "Source", order: `tags.\`${TAGS.source}\``, width: 160 },
  version: { label: "Version", order: `tags.\`${TAGS.version}\``, width: 110 },
  id: { label: "Run id", order: "attributes.run_id", width: 280 },
};

export const attributeWords = Object.keys(ATTRIBUTES);
const KINDS = { m: "metric", p: "param", t: "tag" };
const ENTITIES = { metric: "metrics", param: "params", tag: "tags" };
const CHOICE_WORDS = { last: "the last", min: "the least", max: "the greatest", best: "the best" };
export const CHOICES = Object.keys(CHOICE_WORDS);
/** What of a metric is shown, as menus write it: `the least`. */
export const wordsOfChoice = (choice) => CHOICE_WORDS[choice];

/** A name as filters and orders write it; null for one that they cannot. */
export function fieldOf(kind, key) {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${ENTITIES[kind]}.${key}`;
  if (!key.includes("`")) return `${ENTITIES[kind]}.\`${key}\``;
  return key.includes('"') ? null : `${ENTITIES[kind]}."${key}"`;
}

const escaped = (key) => key.replace(/[%,:]/g, (mark) => encodeURIComponent(mark));

/** A column from its word; null for a word that names none. `order` is what it is sorted by, `field` what it is filtered by; null where it cannot be. */
export function columnOf(text) {
  const [name, ...options] = text.split(":");
  let word;
  try { word = decodeURIComponent(name); } catch { return null; }
  const column = describe(word);
  if (!column) return null;
  for (const option of options) {
    if (/^w\d+$/.test(option)) column.width = Math.min(900, Math.max(48, Number(option.slice(1))));
    else if (option === "pin" || option === "unpin") column.pinned = option === "pin";
    else if (option === "spark") column.spark = true;
    else if (CHOICES.includes(option)) column.choice = option;
  }
  return column;
}

function describe(word) {
  const attribute = Object.hasOwn(ATTRIBUTES, word) ? ATTRIBUTES[word] : null;
  if (attribute) {
    return { word, kind: "attribute", key: word, label: attribute.label, order: attribute.order, field: attribute.isFiltered === false ? null : attribute.order, number: !!attribute.number, usualWidth: attribute.width, width: attribute.width, usuallyPinned: !!attribute.pinned, pinned: !!attribute.pinned, choice: "last", spark: false };
  }
  const kind = KINDS[word[0]];
  const key = word.slice(2);
  if (!kind || word[1] !== "." || !key) return null;
  const width = kind === "metric" ? Math.min(180, Math.max(116, key.length * 8 + 44)) : Math.min(220, Math.max(120, key.length * 8 + 44));
  const field = fieldOf(kind, key);
  return { word: `${word.slice(0, 2)}${escaped(key)}`, kind, key, label: key, order: field, field, number: kind === "metric", usualWidth: width, width, usuallyPinned: false, pinned: false, choice: "last", spark: false };
}

/** The columns, each once; a metric is as many columns as things are shown of it. */
export function distinct(columns) {
  const seen = new Set();
  return columns.filter((column) => {
    const name = `${column.word}:${column.choice}`;
    return !seen.has(name) && seen.add(name);
  });
}

/** Columns of a list of words, each once. */
export function columnsOf(text) {
  const columns = distinct(text.split(",").map((word) => (word ? columnOf(word) : null)).filter(Boolean));
  return columns.length > 0 ? columns : [columnOf("name")];
}

/** Whether runs are sorted and filtered by another value than the one that is shown, which is the last. */
export const isByLast = (column) => column.choice !== "last";

/** What the head of a column says when it is pointed at. */
export function headTitleOf(column) {
  const name = `${column.kind === "attribute" ? "" : `${column.kind}: `}${column.label}`;
  return isByLast(column) ? `${name}; shows ${CHOICE_WORDS[column.choice]}, sorts by the last value` : name;
}

export function wordsOf(columns) {
  return columns.map((column) => {
    let text = column.word;
    if (column.width !== column.usualWidth) text += `:w${Math.round(column.width)}`;
    if (column.pinned !== column.usuallyPinned) text += column.pinned ? ":pin" : ":unpin";
    if (column.choice !== "last") text += `:${column.choice}`;
    if (column.spark) text += ":spark";
    return text;
  }).join(",");
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Whether numbers stand in a column: always, or as far as the rows tell that were read; see `learn`. */
export const isNumeric = (column) => column.number || column.isOfNumbers;

/** Notes of params whether all their values are numbers; returns whether that is another one for some column. */
export function learn(columns, rows) {
  let isNew = false;
  for (const column of columns) {
    if (column.kind !== "param") continue;
    const values = rows.map((row) => row?.values?.[column.word]).filter((value) => value !== null && value !== undefined);
    const isOfNumbers = values.length > 0 && values.every((value) => NUMBER.test(value));
    isNew ||= isOfNumbers !== !!column.isOfNumbers;
    column.isOfNumbers = isOfNumbers;
  }
  return isNew;
}

/** What is asked of the server to fill a column; null for what every row carries. */
export function askedOf(column) {
  if (column.kind !== "attribute") return column.word;
  return TAGS[column.key] ? column.word : null;
}

/** Whether less is better, as far as the name of a metric tells. */
export const isLossLike = (key) => /(loss|err|mae|mse|rmse|mape|perplexity|ppl|wer|cer|latency|time|distance|cost)/i.test(key);

/** What is shown of a metric whose best is asked for. */
export const choiceOf = (column) => (column.choice === "best" ? (isLossLike(column.key) ? "min" : "max") : column.choice);
