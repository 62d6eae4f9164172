// What the pages of models can do, for the palette: every form that opens, and the check of a signature.
import { $, $$ } from "../core/dom.js";
import { registerCommand } from "../palette/commands.js";

for (const summary of $$(".disclosure > summary")) {
  const place = summary.closest(".card")?.querySelector("h2")?.textContent;
  const title = summary.textContent.trim();
  registerCommand({
    title: place && !title.includes(" ") ? `${title}: ${place}` : title,
    run: () => {
      summary.parentElement.open = true;
      summary.scrollIntoView({ block: "center" });
      $("input:not([type=hidden]), select, textarea, button", summary.nextElementSibling)?.focus();
    },
  });
}

const verify = $("[data-action=verify]");
if (verify) registerCommand({ title: "Verify the signature", keys: "v", run: () => verify.click() });
