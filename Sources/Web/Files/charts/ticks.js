// Where an axis has its marks, and what stands at them.
import { numberOf } from "../core/format.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
  15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 365 * DAY,
];

/** Marks `{ at, text }` from `min` to `max`, about `count` of them. `kind`: "number", "time" (epoch ms) or "span" (ms). */
export function ticksOf(min, max, { kind = "number", isLog = false, count = 6 } = {}) {
  if (!(max > min)) return [{ at: min, text: textOf(min, kind) }];
  if (isLog) return logTicks(min, max, count, kind);
  if (kind === "number") return linearTicks(min, max, stepOf((max - min) / count), kind);
  const wanted = (max - min) / count;
  const step = TIME_STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / (365 * DAY)) * 365 * DAY;
  return linearTicks(min, max, step, kind);
}

function stepOf(wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].find((times) => times * power >= wanted * 0.999) * power;
}

function linearTicks(min, max, step, kind) {
  // Days begin where the reader's do.
  const shift = kind === "time" && step >= HOUR ? new Date(min).getTimezoneOffset() * MINUTE : 0;
  const ticks = [];
  for (let place = Math.ceil((min - shift) / step); place * step + shift <= max * (1 + Number.EPSILON) && ticks.length < 100; place++) {
    const at = place * step + shift;
    ticks.push({ at, text: textOf(at, kind, step) });
  }
  return ticks;
}

function logTicks(min, max, count, kind) {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const every = Math.max(1, Math.ceil((last - first) / count));
  const times = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = first; power <= last; power += every) {
    for (const factor of times) {
      const at = factor * 10 ** power;
      if (at >= min * 0.9999 && at <= max * 1.0001) ticks.push({ at, text: textOf(at, kind) });
    }
  }
  return ticks.length > 1 ? ticks : linearTicks(min, max, stepOf((max - min) / count), kind);
}

/** A place on an axis as text. */
export function textOf(value, kind, step = 0) {
  if (kind === "time") return timeText(value, step);
  if (kind === "span") return spanText(value);
  if (step > 0 && Math.abs(value) < step / 1e6) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 && size < 1e15 && Number.isInteger(value)) return shortText(value);
  return numberOf(value, 4 + Math.max(0, step > 0 && size > 0 ? Math.min(8, Math.floor(Math.log10(size / step)) - 2) : 0));
}

function shortText(value) {
  for (const [size, letter] of [[1e12, "T"], [1e9, "G"], [1e6, "M"]]) if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(5))}${letter}`;
  return String(value);
}

function timeText(ms, step) {
  const date = new Date(ms);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const minute = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= DAY) return day;
  if (step >= MINUTE) return date.getHours() === 0 && date.getMinutes() === 0 ? day.slice(5) : minute;
  const second = `${minute}:${two(date.getSeconds())}`;
  if (step >= SECOND || step === 0) return step === 0 ? `${day} ${second}` : second;
  return `${second}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function spanText(ms) {
  if (ms === 0) return "0";
  if (Math.abs(ms) < SECOND) return `${Number(ms.toPrecision(3))} ms`;
  if (Math.abs(ms) < MINUTE) return `${Number((ms / SECOND).toPrecision(4))} s`;
  if (Math.abs(ms) < HOUR) return `${Number((ms / MINUTE).toPrecision(4))} min`;
  if (Math.abs(ms) < DAY) return `${Number((ms / HOUR).toPrecision(4))} h`;
  return `${Number((ms / DAY).toPrecision(4))} d`;
}
