// The view in the address: which runs, in which order, with which columns, how grouped.
import { columnsOf, wordsOf } from "./columns.js";

/** `metrics.acc DESC` in parts. */
export function termOf(text) {
  const match = /^(.*?)(?:\s+(asc|desc))?$/is.exec(text.trim());
  return { field: match[1], isDescending: (match[2] ?? "").toLowerCase() === "desc" };
}

/** Names are alike whatever quotes stand around them. */
export const isSameField = (one, other) => one.replace(/[`"]/g, "") === other.replace(/[`"]/g, "");

const WORDS = ["filter", "order", "view", "columns", "group", "density"];

/** A word of a query; what means nothing there stays readable. */
const word = (text) => encodeURIComponent(text).replace(/%20/g, "+").replace(/%(2C|3A|2F)/g, (mark) => decodeURIComponent(mark));

export function readState(search, chosenByServer) {
  const query = new URLSearchParams(search);
  return {
    filter: query.get("filter") ?? "",
    order: query.getAll("order").filter(Boolean),
    view: ["deleted", "all"].includes(query.get("view")) ? query.get("view") : "active",
    // Columns that nobody chose may be others tomorrow, so they are not in the address.
    areColumnsChosen: !!query.get("columns"),
    columns: columnsOf(query.get("columns") || chosenByServer),
    group: query.get("group") ?? "",
    density: query.get("density") === "roomy" ? "roomy" : "compact",
    saved: query.get("saved") ?? "",
  };
}

/** The words of a view, without which saved view it is. */
export function queryOf(state) {
  const values = {
    filter: state.filter ? [state.filter] : [],
    order: state.order,
    view: state.view === "active" ? [] : [state.view],
    columns: state.areColumnsChosen ? [wordsOf(state.columns)] : [],
    group: state.group ? [state.group] : [],
    density: state.density === "compact" ? [] : [state.density],
  };
  return WORDS.flatMap((key) => values[key].map((value) => `${key}=${word(value)}`)).join("&");
}

/** Writes the view into the address; a step is one that Back undoes. */
export function writeState(state, { isStep = false } = {}) {
  const query = [queryOf(state), state.saved ? `saved=${word(state.saved)}` : ""].filter(Boolean).join("&");
  const address = location.pathname + (query ? `?${query}` : "");
  if (isStep && address !== location.pathname + location.search) history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
}

/** What somebody who comes back finds again: the first row that was seen, the active cell and the selected runs. */
export function keepPlace(place) { history.replaceState({ ...history.state, table: place }, ""); }

/** The place that was kept of this address; null for none. */
export const keptPlace = () => history.state?.table ?? null;
