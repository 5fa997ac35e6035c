// What is shown: by law, operation, standing and text; what says nothing of one of them stays.
const form = document.querySelector(".filter");
const output = form.querySelector("output");
const rows = [...document.querySelectorAll(".matrix tbody tr, .finding, .operation, .operation .list tr[data-law], .map tbody tr, .strips tbody tr, #requests .sent tbody tr, [data-line]")];
const listeners = [];
const wanted = () => {
  const { law, operation, standing, text } = form.elements;
  return { law: law.value, operation: operation.value, standing: standing.value, words: wordsOf(text) };
};
const stands = (row, standing) => {
  if (row.dataset.standing) return row.dataset.standing.split(" ").includes(standing);
  return !row.matches(".map tr, .matrix tr, .operation") || row.querySelector(`.${standing}`);
};
const fits = (row, want) => {
  const { law, operation } = row.dataset;
  if (want.law && law && law !== want.law) return false;
  if (want.operation && operation !== undefined && operation && operation !== want.operation) return false;
  if (want.standing && !stands(row, want.standing)) return false;
  return row.matches(".strips tr, .matrix tr") || want.words.every((word) => textOf(row).includes(word));
};
const filter = () => {
  const want = wanted();
  for (const row of rows) row.toggleAttribute("data-hidden", !fits(row, want));
  const any = want.law || want.operation || want.standing || want.words.length;
  const found = [...document.querySelectorAll(".finding")];
  const left = found.filter((each) => !each.hasAttribute("data-hidden")).length;
  output.textContent = any ? (found.length ? `${left} of ${found.length} findings shown` : "the page is filtered") : "";
  for (const each of listeners) each(want);
};
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
for (const link of document.querySelectorAll(".matrix td a")) {
  link.addEventListener("click", () => { form.elements.law.value = link.dataset.law; filter(); });
}
for (const link of document.querySelectorAll(".matrix th a")) {
  link.addEventListener("click", () => { form.reset(); });
}
