// MLflow's clients print links to its pages, such as `http://host/#/experiments/1/runs/2`: the same things have pages here.
import { base } from "../core/place.js";

function segment(text) {
  try {
    return encodeURIComponent(decodeURIComponent(text));
  } catch {
    // A percent sign of its own.
    return encodeURIComponent(text);
  }
}

const FORMS = [
  [/^experiments\/([^/?]+)\/runs\/([^/?]+)/, (found) => `/runs/${segment(found[2])}`],
  [/^experiments\/([^/?]+)\/models\/([^/?]+)/, (found) => `/logged-models/${segment(found[2])}`],
  [/^experiments\/([^/?]+)/, (found) => `/experiments/${segment(found[1])}`],
  [/^models\/([^/?]+)\/versions\/(\d+)/, (found) => `/models/${segment(found[1])}/versions/${found[2]}`],
  [/^models\/([^/?]+)/, (found) => `/models/${segment(found[1])}`],
  [/^experiments/, () => "/experiments"],
  [/^models/, () => "/models"],
];

/** The page of ours that a link of MLflow's means; null for other links. */
export function pageOf(hash) {
  if (!hash.startsWith("#/")) return null;
  for (const [form, page] of FORMS) {
    const found = form.exec(hash.slice(2));
    if (found) return base + page(found);
  }
  return null;
}

const page = pageOf(location.hash);
if (page) location.replace(page);
