// The colour and the dash of a run, the same on every page: both come from its id.
const COLOURS = 10;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

function hashOf(id) {
  let hash = 0x811c9dc5;
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}

/** A colour that CSS understands and canvases do: the value of the variable in the present theme. */
export function colourOf(id) {
  return colourAt(hashOf(id) % COLOURS);
}

export function colourAt(place) {
  const probe = document.createElement("span");
  probe.style.color = `var(--series-${place % COLOURS})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** The name of the variable, for elements that follow the theme by themselves. */
export const variableOf = (id) => `var(--series-${hashOf(id) % COLOURS})`;

export const dashOf = (id) => DASHES[Math.floor(hashOf(id) / COLOURS) % DASHES.length];

/** The colours for several runs at once: their own, moved on where two would be alike. */
export function coloursOf(ids) {
  const taken = new Map();
  const used = new Set();
  for (const id of ids) {
    let place = hashOf(id) % COLOURS;
    let dash = Math.floor(hashOf(id) / COLOURS) % DASHES.length;
    for (let tries = 0; used.has(`${place} ${dash}`) && tries < COLOURS * DASHES.length; tries++) {
      dash = (dash + 1) % DASHES.length;
      if (dash === 0) place = (place + 1) % COLOURS;
    }
    used.add(`${place} ${dash}`);
    taken.set(id, { colour: colourAt(place), dash: DASHES[dash] });
  }
  return taken;
}
