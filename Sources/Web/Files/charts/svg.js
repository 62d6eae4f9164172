// A chart as a drawing of its own, with axes, title and legend.
import { drawLines, svgPen } from "./draw.js";
import { marksOf, scaleOf } from "./scene.js";
import { themeColours } from "./theme.js";

const escaped = (text) => String(text).replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);
const FONT = "font-family=\"system-ui, sans-serif\" font-size=\"12\"";
const LEGEND_MOST = 40;

/** The text of an SVG; `title` and the legend are left out where they are empty. */
export function svgOf(scene, { width = 900, height = 420, title = scene.key, hasLegend = true, pointed = null } = {}) {
  const theme = themeColours();
  const names = hasLegend && scene.lines.length > 1 ? scene.lines.slice(0, LEGEND_MOST) : [];
  const columns = Math.max(1, Math.floor((width - 40) / 220));
  const legendHeight = names.length === 0 ? 0 : Math.ceil(names.length / columns) * 18 + 12;
  const yMarks = marksOf(scene.y, height - 80, 44);
  const left = 18 + Math.max(...yMarks.map((mark) => mark.text.length), 2) * 6.8;
  const area = { left, top: title ? 34 : 12, width: width - left - 20, height: height - (title ? 34 : 12) - 44 };
  const toX = scaleOf(scene.x, area.left, area.width);
  const toY = scaleOf(scene.y, area.top + area.height, -area.height);
  const parts = [];
  if (title) parts.push(`<text x="${left}" y="20" ${FONT} font-weight="600" fill="${theme.ink}">${escaped(title)}</text>`);
  for (const mark of yMarks) {
    const y = toY(mark.at).toFixed(2);
    parts.push(`<path d="M${area.left},${y}h${area.width}" stroke="${theme.line}"/>`);
    parts.push(`<text x="${area.left - 6}" y="${Number(y) + 4}" text-anchor="end" ${FONT} fill="${theme.inkQuiet}">${escaped(mark.text)}</text>`);
  }
  for (const mark of marksOf(scene.x, area.width, 90)) {
    const x = toX(mark.at).toFixed(2);
    parts.push(`<path d="M${x},${area.top + area.height}v4" stroke="${theme.lineStrong}"/>`);
    parts.push(`<text x="${x}" y="${area.top + area.height + 18}" text-anchor="middle" ${FONT} fill="${theme.inkQuiet}">${escaped(mark.text)}</text>`);
  }
  parts.push(`<text x="${area.left + area.width / 2}" y="${area.top + area.height + 36}" text-anchor="middle" ${FONT} fill="${theme.inkQuiet}">${escaped(scene.x.label)}</text>`);
  const lines = [];
  drawLines(scene, svgPen(lines), toX, toY, area, pointed);
  const clip = `lines-${Math.random().toString(36).slice(2)}`;
  parts.push(`<clipPath id="${clip}"><rect x="${area.left}" y="${area.top}" width="${area.width}" height="${area.height}"/></clipPath>`);
  parts.push(`<g clip-path="url(#${clip})">${lines.join("")}</g>`);
  names.forEach((line, place) => {
    const x = left + (place % columns) * 220;
    const y = height + Math.floor(place / columns) * 18 + 8;
    const dash = line.dash?.length ? ` stroke-dasharray="${line.dash.join(" ")}"` : "";
    parts.push(`<path d="M${x},${y}h22" stroke="${line.colour}" stroke-width="2"${dash}/>`);
    parts.push(`<text x="${x + 28}" y="${y + 4}" ${FONT} fill="${theme.ink}">${escaped(line.name.slice(0, 28))}</text>`);
  });
  const whole = height + legendHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}"><rect width="100%" height="100%" fill="${theme.paper}"/>${parts.join("")}</svg>`;
}
