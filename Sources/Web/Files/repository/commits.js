// How many runs were made from each commit of the list.
import { $, $$, h } from "../core/dom.js";
import { ask } from "../core/api.js";
import { base } from "../core/place.js";

async function tellRuns() {
  const rows = $$("[data-sha]");
  if (rows.length === 0) return;
  const words = new URLSearchParams(rows.map((row) => ["sha", row.dataset.sha]));
  const { commits, has_more: hasMore } = await ask("GET", `${base}/commit-runs.json?${words}`);
  const counts = new Map(commits.map((commit) => [commit.sha, commit.runs]));
  for (const row of rows) {
    const count = counts.get(row.dataset.sha);
    if (!count) continue;
    const text = hasMore ? `${count}+ runs` : count === 1 ? "1 run" : `${count} runs`;
    $("[data-runs]", row)?.append(h("a", { class: "badge accent", href: `${base}/commit/${row.dataset.sha}` }, text));
  }
}

tellRuns();
