// Numbers, times and sizes as people read them.

/** `3 min ago`; a date where it is long ago. */
export function agoOf(ms, now = Date.now()) {
  const seconds = Math.round((now - ms) / 1_000);
  if (seconds < 0) return dateOf(ms);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return dateOf(ms);
}

/** `2026-11-26 22:43` in the reader's own time. */
export function dateOf(ms) {
  const date = new Date(ms);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-26 21:43:05 UTC`, as titles have it; the server writes the same. */
export function momentOf(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(/^(.*)T(.*)\.\d+Z$/, "$1 $2 UTC");
}

/** `1 h 3 min`, `12.4 s`. */
export function spanOf(ms) {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  return `${Math.floor(ms / 86_400_000)} d ${Math.floor((ms % 86_400_000) / 3_600_000)} h`;
}

/** A metric with as many digits as tell values apart; also takes MLflow's words for NaN, and the largest numbers, as which infinities are stored. */
export function numberOf(value, digits = 5) {
  const number = Number(value);
  if (Number.isNaN(number)) return "NaN";
  if (Math.abs(number) >= Number.MAX_VALUE) return number > 0 ? "∞" : "−∞";
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e9) return String(number);
  if (size >= 1e6 || size < 1e-4) return number.toExponential(digits - 2);
  return String(Number(number.toPrecision(digits)));
}

/** What a run is called where people read it: its name, or the beginning of its id where nothing is seen of that. */
export const nameOf = (name, id) => (/^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(name) ? id.slice(0, 8) : name);

/** `3.2 MB`. */
export function sizeOf(bytes) {
  let value = bytes;
  for (const unit of ["B", "kB", "MB", "GB", "TB"]) {
    if (value < 999.5 || unit === "TB") return unit === "B" ? `${bytes} B` : `${Math.round(value * 10) / 10} ${unit}`;
    value /= 1_000;
  }
}
