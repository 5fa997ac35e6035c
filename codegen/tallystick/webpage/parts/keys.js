// The keyboard: letters only where nothing is being written, and never with a modifier.
const help = document.querySelector("dialog");
const search = form.elements.text;
const actions = {
  "/": () => { search.focus(); search.select(); },
  "?": () => help.showModal(),
  j: () => step(1),
  k: () => step(-1),
  e: toggleAll,
  t: nextTheme,
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const writing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") { form.reset(); search.blur(); return; }
  if (writing || !(event.key in actions)) return;
  event.preventDefault();
  actions[event.key]();
});
document.querySelector(".help").addEventListener("click", () => help.showModal());
