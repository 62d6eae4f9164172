// A surface over two fields, guessed between the runs: coloured cells with lines of equal height.
import { axisOf } from "./fields.js";
import { axis, base, endsOf, ramp, rampOf, runDot, tip } from "./looks.js";
import { themeColours } from "./theme.js";

const CELLS = 44;
const LEVELS = 8;

/** The options of ECharts for a contour of `z` over `x` and `y`. */
export function contour({ runs, chosen }) {
  const [x, y, z] = [chosen.x, chosen.y, chosen.z].map((field) => axisOf(runs, field));
  const places = runs.map((_, place) => place).filter((place) => [x, y, z].every((one) => Number.isFinite(one.numbers[place])));
  const of = (one) => places.map((place) => one.numbers[place]);
  const [xEnds, yEnds] = [endsOf(of(x)), endsOf(of(y))];
  const grid = interpolated(of(x), of(y), of(z), xEnds, yEnds);
  const toColour = rampOf(of(z));
  const theme = themeColours();
  const dot = runs.length > 0 ? places : [];
  const cell = (at, ends) => ends[0] + ((ends[1] - ends[0]) * at) / CELLS;
  return {
    ...base(),
    grid: { left: 12, right: 92, top: 30, bottom: 34, containLabel: true },
    xAxis: { ...axis({ ...x, isOfWords: false }, "bottom"), min: xEnds[0], max: xEnds[1], splitLine: { show: false } },
    yAxis: { ...axis({ ...y, isOfWords: false }, "left"), min: yEnds[0], max: yEnds[1], splitLine: { show: false } },
    visualMap: ramp({ ...z, numbers: of(z) }),
    tooltip: tip((place) => [runs[dot[place]], [x, y, z].map((one) => [one.name, one.text(one.numbers[dot[place]])])]),
    series: [
      {
        type: "custom", silent: true, clip: true, tooltip: { show: false },
        data: grid.length === 0 ? [] : Array.from({ length: CELLS * CELLS }, (_, place) => [place % CELLS, Math.floor(place / CELLS)]),
        encode: { x: [], y: [] },
        renderItem: (_, api) => {
          const [column, row] = [api.value(0), api.value(1)];
          const [left, bottom] = api.coord([cell(column, xEnds), cell(row, yEnds)]);
          const [right, top] = api.coord([cell(column + 1, xEnds), cell(row + 1, yEnds)]);
          const height = (grid[row][column] + grid[row][column + 1] + grid[row + 1][column] + grid[row + 1][column + 1]) / 4;
          return { type: "rect", shape: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }, style: { fill: toColour(height) } };
        },
      },
      {
        type: "custom", silent: true, clip: true, tooltip: { show: false }, encode: { x: [], y: [] },
        data: levelsOf(grid, endsOf(of(z))),
        renderItem: (_, api) => {
          const [x1, y1] = api.coord([cell(api.value(0), xEnds), cell(api.value(1), yEnds)]);
          const [x2, y2] = api.coord([cell(api.value(2), xEnds), cell(api.value(3), yEnds)]);
          return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: theme.paper, lineWidth: 1, opacity: 0.7 } };
        },
      },
      { type: "scatter", symbolSize: 10, data: dot.map((place) => ({ value: [x.numbers[place], y.numbers[place]], ...runDot(runs[place], toColour(z.numbers[place])) })), z: 5 },
    ],
  };
}

/** Heights at the corners of cells: each the mean of the runs, weighed by how near they are. */
function interpolated(xs, ys, zs, xEnds, yEnds) {
  if (zs.length === 0) return [];
  const near = (value, ends) => (value - ends[0]) / (ends[1] - ends[0]);
  const at = zs.map((_, place) => [near(xs[place], xEnds), near(ys[place], yEnds)]);
  return Array.from({ length: CELLS + 1 }, (_, row) => Array.from({ length: CELLS + 1 }, (_, column) => {
    let sum = 0;
    let total = 0;
    for (let place = 0; place < zs.length; place++) {
      const far = (at[place][0] - column / CELLS) ** 2 + (at[place][1] - row / CELLS) ** 2;
      const weight = 1 / (far ** 1.5 + 1e-6);
      sum += zs[place] * weight;
      total += weight;
    }
    return sum / total;
  }));
}

/** Pieces `[x1, y1, x2, y2]` of the lines of equal height, in cells. */
function levelsOf(grid, [low, high]) {
  const pieces = [];
  for (let level = 1; level < LEVELS; level++) {
    const height = low + ((high - low) * level) / LEVELS;
    for (let row = 0; row < grid.length - 1; row++) {
      for (let column = 0; column < grid.length - 1; column++) pieces.push(...crossings(grid, row, column, height));
    }
  }
  return pieces;
}

/** Where a height is crossed on the edges of a cell: marching squares. */
function crossings(grid, row, column, height) {
  const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
  const heights = corners.map(([x, y]) => grid[y][x]);
  const points = [];
  for (let edge = 0; edge < 4; edge++) {
    const [from, to] = [heights[edge], heights[(edge + 1) % 4]];
    if (from < height === to < height) continue;
    const share = (height - from) / (to - from);
    const [a, b] = [corners[edge], corners[(edge + 1) % 4]];
    points.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
  }
  if (points.length === 4) return [[...points[0], ...points[1]], [...points[2], ...points[3]]];
  return points.length === 2 ? [[...points[0], ...points[1]]] : [];
}
