// How well what somebody types fits a name: its letters in their order, best at the beginnings of words.

/** A number that grows with how well it fits, or null where a letter is missing; with the places of the letters. */
export function fit(wanted, name) {
  const letters = wanted.toLowerCase().replace(/\s+/g, "");
  if (!letters) return { score: 0, places: [] };
  const text = name.toLowerCase();
  const whole = text.indexOf(wanted.toLowerCase().trim());
  if (whole >= 0) {
    const places = [...wanted.trim()].map((_, place) => whole + place);
    return { score: 1000 - whole - (text.length - places.length) / 10 + (isBeginning(text, whole) ? 500 : 0), places };
  }
  const places = [];
  let score = 0;
  let from = 0;
  for (const letter of letters) {
    const place = text.indexOf(letter, from);
    if (place < 0) return null;
    score += place === from && places.length > 0 ? 8 : isBeginning(text, place) ? 6 : 1 - Math.min(place - from, 10) / 10;
    places.push(place);
    from = place + 1;
  }
  return { score: score - text.length / 100, places };
}

const isBeginning = (text, place) => place === 0 || /[\s/._\-:@]/.test(text[place - 1]);
