// Keeps what runs and what happened as it is now, while somebody looks.
import { $ } from "../core/dom.js";
import { watch } from "../core/live.js";
import { renew } from "../core/renew.js";

if ($("#home")) watch("home", "", () => renew("#home"));
