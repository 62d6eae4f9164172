// What charts compute of numbers; nothing here knows a page.

/** Exponential smoothing; a weight of 0 leaves values as they are. What is no number passes through and weighs nothing. */
export function smoothed(values, weight) {
  if (weight <= 0) return values;
  const result = new Float64Array(values.length);
  let sum = 0;
  let total = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place];
    if (!Number.isFinite(value)) {
      result[place] = value;
      continue;
    }
    // Divided by the weights so far, so that a curve does not begin at nought.
    sum = sum * weight + value * (1 - weight);
    total = total * weight + (1 - weight);
    result[place] = sum / total;
  }
  return result;
}

/** The first place whose value is not smaller. */
export function placeOf(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the value nearest to another. */
export function nearestPlace(sorted, value) {
  const place = placeOf(sorted, value);
  if (place === 0) return 0;
  if (place === sorted.length) return place - 1;
  return value - sorted[place - 1] <= sorted[place] - value ? place - 1 : place;
}

/** The value at a share of sorted numbers, between two of them where it falls so. */
export function quantile(sorted, share) {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** From the smallest to the largest finite number; null where there is none. */
export function extent(lists, isWanted = () => true) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value) || !isWanted(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Without the outermost numbers, where these lie far from the rest. */
export function extentWithoutOutliers(lists, isWanted = () => true) {
  const all = extent(lists, isWanted);
  if (!all) return null;
  const sorted = Float64Array.from(lists.flatMap((list) => [...list]).filter((value) => Number.isFinite(value) && isWanted(value))).sort();
  const low = quantile(sorted, 0.02);
  const high = quantile(sorted, 0.98);
  const room = (high - low) * 0.5;
  return [Math.max(all[0], low - room), Math.min(all[1], high + room)];
}

/** The value of a line at x, between its points; NaN outside of them. */
export function valueAt(xs, ys, x) {
  if (xs.length === 0 || x < xs[0] || x > xs[xs.length - 1]) return NaN;
  const place = placeOf(xs, x);
  if (xs[place] === x || place === 0) return ys[place];
  const share = (x - xs[place - 1]) / (xs[place] - xs[place - 1]);
  return ys[place - 1] + (ys[place] - ys[place - 1]) * share;
}

/** Mean, and either the ends or a standard deviation around it, of several lines on a grid of their own. */
export function averaged(lines, kind, most = 400) {
  let xs = [...new Set(lines.flatMap((line) => [...line.xs]))].sort((a, b) => a - b);
  if (xs.length > most) {
    const every = (xs.length - 1) / (most - 1);
    xs = Array.from({ length: most }, (_, place) => xs[Math.round(place * every)]);
  }
  const mean = new Float64Array(xs.length);
  const low = new Float64Array(xs.length);
  const high = new Float64Array(xs.length);
  xs.forEach((x, place) => {
    const values = lines.map((line) => valueAt(line.xs, line.ys, x)).filter(Number.isFinite);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    mean[place] = average;
    if (kind === "std") {
      const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length);
      low[place] = average - spread;
      high[place] = average + spread;
    } else {
      low[place] = values.length === 0 ? NaN : Math.min(...values);
      high[place] = values.length === 0 ? NaN : Math.max(...values);
    }
  });
  return { xs: Float64Array.from(xs), ys: mean, low, high };
}
