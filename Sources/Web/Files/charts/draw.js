// Draws the lines of a scene with a pen: of a canvas, or of an SVG.

/** `area`: where the lines lie, `{ left, top, width, height }`; `toX` and `toY` bring values there. `thick`: how many units a pixel is. */
export function drawLines(scene, pen, toX, toY, area, pointed = null, thick = 1) {
  const lines = pointed === null ? scene.lines : [...scene.lines].sort((a, b) => (a.run === pointed) - (b.run === pointed));
  const isKnown = pointed !== null && lines.some((line) => line.run === pointed);
  for (const line of lines) {
    const isFaint = isKnown && line.run !== pointed;
    const strength = isFaint ? 0.22 : 1;
    if (line.low && line.high && !isFaint) pen.area(band(line, toX, toY), line.colour, line.isBand ? 0.18 : 0.22);
    if (line.raw) pen.line(pathOf(line.xs, line.raw, toX, toY), line.colour, 1 * thick, [], 0.28 * strength);
    const width = isKnown && !isFaint ? 2.6 : scene.lines.length > 60 ? 1 : 1.6;
    const dash = (line.dash ?? []).map((length) => length * thick);
    pen.line(pathOf(line.xs, line.ys, toX, toY), line.colour, width * thick, dash, strength);
    if (!isFaint) markOdd(line, pen, toX, area, thick);
  }
}

/** Pieces of a path, each a list x, y, x, y…; what is no number ends a piece. */
function pathOf(xs, ys, toX, toY) {
  const pieces = [];
  let piece = [];
  for (let place = 0; place < xs.length; place++) {
    const x = toX(xs[place]);
    const y = toY(ys[place]);
    if (Number.isFinite(x) && Number.isFinite(y)) piece.push(x, y);
    else if (piece.length > 0) {
      pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}

function band(line, toX, toY) {
  const above = [];
  const below = [];
  line.xs.forEach((at, place) => {
    const x = toX(at);
    const high = toY(line.high[place]);
    const low = toY(line.low[place]);
    if (!Number.isFinite(x) || !Number.isFinite(high) || !Number.isFinite(low)) return;
    above.push(x, high);
    below.push([x, low]);
  });
  return [...above, ...below.reverse().flat()];
}

function markOdd(line, pen, toX, area, thick) {
  let last = -Infinity;
  for (const { x, kind } of line.odd) {
    const place = toX(x);
    if (!(place >= area.left - 1 && place <= area.left + area.width + 1) || place - last < 7 * thick) continue;
    last = place;
    const y = kind === "∞" ? area.top + 6 * thick : area.top + area.height - 6 * thick;
    pen.mark(kind, place, y, line.colour, 4 * thick);
  }
}

/** A pen of a canvas. */
export function canvasPen(context) {
  const draw = (act) => {
    context.save();
    context.lineJoin = "round";
    act();
    context.restore();
  };
  const trace = (piece) => {
    context.moveTo(piece[0], piece[1]);
    for (let place = 2; place < piece.length; place += 2) context.lineTo(piece[place], piece[place + 1]);
  };
  return {
    line: (pieces, colour, width, dash, strength) => draw(() => {
      Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: width, globalAlpha: strength });
      context.setLineDash(dash);
      context.beginPath();
      for (const piece of pieces) if (piece.length > 2) trace(piece);
      context.stroke();
      for (const piece of pieces.filter((piece) => piece.length === 2)) {
        context.beginPath();
        context.arc(piece[0], piece[1], width * 1.6, 0, 2 * Math.PI);
        context.fill();
      }
    }),
    area: (points, colour, strength) => draw(() => {
      if (points.length < 4) return;
      Object.assign(context, { fillStyle: colour, globalAlpha: strength });
      context.beginPath();
      trace(points);
      context.fill();
    }),
    mark: (kind, x, y, colour, size) => draw(() => {
      Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: size / 2.5 });
      context.beginPath();
      for (const piece of markOf(kind, x, y, size)) trace(piece);
      if (kind === "NaN") context.stroke();
      else context.fill();
    }),
  };
}

/** The same for an SVG: `elements` gathers what was drawn. */
export function svgPen(elements) {
  const round = (number) => Math.round(number * 100) / 100;
  const pathText = (pieces) => pieces.map((piece) => `M${piece.reduce((text, value, place) => `${text}${place === 0 ? "" : place % 2 ? "," : "L"}${round(value)}`, "")}`).join("");
  return {
    line: (pieces, colour, width, dash, strength) => {
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
      const long = pieces.filter((piece) => piece.length > 2);
      if (long.length > 0) elements.push(`<path d="${pathText(long)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${strength}" stroke-linejoin="round"${dashes}/>`);
      for (const [x, y] of pieces.filter((piece) => piece.length === 2)) elements.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${width * 1.6}" fill="${colour}" fill-opacity="${strength}"/>`);
    },
    area: (points, colour, strength) => {
      if (points.length >= 4) elements.push(`<path d="${pathText([points])}Z" fill="${colour}" fill-opacity="${strength}"/>`);
    },
    mark: (kind, x, y, colour, size) => {
      const paint = kind === "NaN" ? `fill="none" stroke="${colour}" stroke-width="${size / 2.5}"` : `fill="${colour}"`;
      elements.push(`<path d="${pathText(markOf(kind, x, y, size))}" ${paint}><title>${kind}</title></path>`);
    },
  };
}

/** A cross for what is no number, and an arrow to where infinity lies. */
function markOf(kind, x, y, size) {
  if (kind === "NaN") return [[x - size, y - size, x + size, y + size], [x - size, y + size, x + size, y - size]];
  const up = kind === "∞" ? 1 : -1;
  return [[x - size, y + up * size, x + size, y + up * size, x, y - up * size]];
}
