// What somebody chose lately, in this browser.
import { person } from "../core/place.js";

const KEY = `roost.palette.${person}`;
const MOST = 30;

function read() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? list.filter((one) => typeof one?.address === "string" && one.address.startsWith("/")) : [];
  } catch {
    return [];
  }
}

/** The newest first. */
export const recentThings = () => read();

export function remember({ kind, title, note, address }) {
  const list = [{ kind, title, note, address }, ...read().filter((one) => one.address !== address)].slice(0, MOST);
  try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* A browser that keeps nothing remembers nothing. */ }
}
