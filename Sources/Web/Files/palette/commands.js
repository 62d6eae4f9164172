// What the palette can do beside finding things; pages add what they can do.
import { base, person, root } from "../core/place.js";
import { $ } from "../core/dom.js";
import { toast } from "../core/toast.js";

const commands = [];

/** Adds a command: its title, the keys that do it (such as `"g e"` or `"c"`), and what it does. Returns a function that removes it. */
export function registerCommand({ title, keys = "", run, group = "This page" }) {
  const command = { title, keys, run, group };
  commands.push(command);
  return () => commands.splice(commands.indexOf(command), 1);
}

export const allCommands = () => [...commands];

/** A command that goes to a page. */
function goTo(title, address, keys, group = "Go to") {
  registerCommand({ title, keys, group, run: () => location.assign(address) });
}

const isRepository = base !== root;

goTo("Home", `${root}/`, "g h");
goTo("Experiments", `${base}/experiments`, "g e");
goTo("Models", `${base}/models`, "g m");
goTo("Prompts", `${base}/models?show=prompts`, "");
goTo("Repositories", `${root}/explore`, "g r");
if (isRepository) {
  goTo("Code", base, "g c");
  goTo("Commits", `${base}/commits`, "");
  goTo("Branches", `${base}/branches`, "");
  goTo("Tags and releases", `${base}/releases`, "");
  if ($(`.tabs a[href="${CSS.escape(`${base}/settings`)}"]`)) goTo("Settings of this repository", `${base}/settings`, "");
}
if (person) {
  goTo("New experiment", `${base}/experiments?new=1`, "", "Create");
  goTo("New model", `${base}/models?new=1`, "", "Create");
  goTo("New repository", `${root}/new`, "", "Create");
  goTo("New organization", `${root}/orgs/new`, "", "Create");
  goTo("My profile", `${root}/${encodeURIComponent(person)}`, "g p");
  for (const [title, page] of [["profile", "profile"], ["tokens", "tokens"], ["keys", "keys"], ["sessions", "sessions"]]) {
    goTo(`Settings: ${title}`, `${root}/settings/${page}`, "");
  }
}

function setTheme(value) {
  const button = $(`.menu-body button[name="theme"][value="${value}"]`);
  button?.form.requestSubmit(button);
}

for (const [value, label] of [["light", "Light colours"], ["dark", "Dark colours"], ["system", "Colours as the system has them"]]) {
  registerCommand({ title: label, group: "Do", run: () => setTheme(value) });
}
registerCommand({
  title: "Copy the link of this page",
  keys: "y",
  group: "Do",
  run: async () => {
    await navigator.clipboard.writeText(location.href);
    toast("Copied");
  },
});
