// Tables in text: fields between commas or tabs, quoted where they hold such.

/** The rows of a text, at most so many; `isCut` where there are more. */
export function parseTable(text, separator, most = Infinity) {
  const rows = [];
  let row = [];
  let place = 0;
  while (place < text.length) {
    if (rows.length >= most) return { rows, isCut: true };
    let field;
    if (text[place] === '"') [field, place] = quoted(text, place + 1);
    else {
      let end = place;
      while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
      field = text.slice(place, end);
      place = end;
    }
    row.push(field);
    if (text[place] === separator) {
      place++;
      // A separator at the very end still begins a field.
      if (place === text.length) row.push("");
      continue;
    }
    if (text[place] === "\r") place++;
    if (text[place] === "\n") place++;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return { rows, isCut: false };
}

/** What separates the fields of a text: what its name says, unless its first line holds one field alone by that, and more by another. */
export function separatorOf(text, named) {
  const count = (separator) => parseTable(text, separator, 1).rows[0]?.length ?? 0;
  if (count(named) > 1) return named;
  return [";", "\t", "|", ","].reduce((best, one) => (count(one) > count(best) ? one : best), named);
}

/** The field up to the quote that closes it, with what follows up to a separator; and where it ends. */
function quoted(text, start) {
  let field = "";
  let place = start;
  while (place < text.length) {
    const quote = text.indexOf('"', place);
    if (quote < 0) return [field + text.slice(place), text.length];
    field += text.slice(place, quote);
    if (text[quote + 1] !== '"') return [field, quote + 1];
    field += '"';
    place = quote + 2;
  }
  return [field, place];
}
