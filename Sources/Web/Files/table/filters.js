// Filters put together from what is clicked; the grammar is MLflow's.

/** A value between quotes; one that no quotes can hold becomes a pattern of LIKE. */
export function conditionOf(field, value, { isAgainst = false } = {}) {
  const text = String(value);
  const hasOddEnd = text.includes("\\");
  if (!hasOddEnd && !text.includes("'")) return `${field} ${isAgainst ? "!=" : "="} '${text}'`;
  if (!hasOddEnd && !text.includes('"')) return `${field} ${isAgainst ? "!=" : "="} "${text}"`;
  const like = `${field} LIKE '${text.replace(/['\\]/g, "_")}'`;
  return isAgainst ? `NOT ${like}` : like;
}

/** Both conditions; what has OR outside of parentheses is put between some. */
export function both(one, other) {
  const parts = [one, other].filter((part) => part.trim() !== "");
  if (parts.length < 2) return parts[0] ?? "";
  return parts.map((part) => (/\bOR\b/i.test(part) && !(part.startsWith("(") && part.endsWith(")") && isWhole(part)) ? `(${part})` : part)).join(" AND ");
}

/** Whether the parenthesis at the beginning closes at the end. */
function isWhole(text) {
  let level = 0;
  for (let place = 0; place < text.length; place++) {
    if (text[place] === "(") level++;
    if (text[place] === ")") level--;
    if (level === 0 && place < text.length - 1) return false;
  }
  return true;
}

/** Where a message of the server says that a filter is wrong: `(at character 9: …)`; null where it does not. */
export function placeOf(message, filter) {
  const match = /\(at character (\d+): (?:`([\s\S]*)`|end of filter)\)$/.exec(message);
  if (!match) return null;
  const characters = [...filter];
  const start = Number(match[1]) - 1;
  const shown = match[2] === undefined ? 0 : [...match[2].replace(/…$/, "")].length;
  return {
    text: message.slice(0, match.index).trim(),
    before: characters.slice(0, start).join(""),
    at: characters.slice(start, start + shown).join("") || " ",
    after: characters.slice(start + shown).join(""),
  };
}
