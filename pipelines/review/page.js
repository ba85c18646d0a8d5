"use strict";
// Filters by reason, and moving from block to block with j and k. Everything else works without scripts.
const buttons = [...document.querySelectorAll("button[data-show]")];
const rows = [...document.querySelectorAll("ol.blocks li[data-reason]")];
function show(wanted) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === wanted));
  for (const row of rows) {
    const kept = row.classList.contains("kept");
    const cuts = (row.dataset.cuts || "").split(" ");
    row.hidden = !(wanted === "all" || (wanted === "body" && kept) || (wanted === "removed" && !kept)
      || (!kept && row.dataset.reason === wanted) || (kept && cuts.includes(wanted)));
  }
  for (const run of document.querySelectorAll("li.run")) {
    run.hidden = !run.querySelector("li[data-reason]:not([hidden])");
  }
}
for (const button of buttons) button.addEventListener("click", () => show(button.dataset.show));
const beside = document.getElementById("beside");
if (beside) beside.addEventListener("click", () => {
  const on = document.querySelector(".columns").classList.toggle("beside");
  document.querySelector(".original").hidden = !on;
  beside.setAttribute("aria-pressed", String(on));
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== "j" && event.key !== "k")) return;
  const stops = [...document.querySelectorAll("ol.blocks summary")].filter((one) => one.offsetParent !== null);
  const here = stops.indexOf(document.activeElement);
  const next = stops[Math.min(Math.max(here + (event.key === "j" ? 1 : -1), 0), stops.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); event.preventDefault(); }
});
