// What makes more of a preview than the server's markup: each kind of view has a module of its own.
import { $$ } from "../core/dom.js";
import { mountCode } from "./code.js";
import { mountGallery } from "./gallery.js";
import { mountImage } from "./image.js";
import { mountJSON } from "./json.js";
import { mountTableFile } from "./table.js";
import { improveAll } from "../previews/markdown.js";

const VIEWS = { gallery: mountGallery, image: mountImage, json: mountJSON, table: mountTableFile };

/** Makes the views below an element that was just put on the page. */
export function mountViews(element) {
  improveAll(element);
  for (const code of $$(".code", element)) mountCode(code);
  for (const view of $$("[data-view]", element)) VIEWS[view.dataset.view]?.(view);
}
