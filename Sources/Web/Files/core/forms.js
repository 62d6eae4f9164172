// Forms that open below their buttons: their first field has the keys at once, and the keys of the page rest until they close.
import { $$ } from "./dom.js";

const FIELDS = "form input:not([type=hidden], [type=checkbox], [type=radio]), form textarea, form select";
const opened = new Set();

/** Whether a form is open that somebody has opened. */
export function isFormOpen() {
  for (const details of opened) if (!details.open || !details.isConnected) opened.delete(details);
  return opened.size > 0;
}

// Keys on a summary are clicks, too. What was open when the page came has taken the keys from nobody.
document.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (!details || details.open) return;
  details.addEventListener("toggle", () => {
    const field = $$(FIELDS, details).find((one) => one.checkVisibility());
    if (!details.open || !field) return;
    opened.add(details);
    field.focus();
    if (field.matches("input")) field.select();
  }, { once: true });
});
