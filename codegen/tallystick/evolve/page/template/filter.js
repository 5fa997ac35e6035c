// What is shown: by reader, severity and text. Of a reader alone: what is not compatible for it.
const form = document.querySelector(".filter");
const output = form.querySelector("output");
const changes = [...document.querySelectorAll(".changes .card")];
const lines = [...document.querySelectorAll("[data-line], .python tbody tr")];
const readers = [...form.elements.reader.options].map((each) => each.value);
const counts = [...document.querySelectorAll(".matrix a")];
const fits = (card, want) => {
  const severity = card.dataset.severities.split(" ")[readers.indexOf(want.reader)];
  if (want.severity ? severity !== want.severity : want.reader && severity === "compatible") return false;
  return want.words.every((word) => textOf(card).includes(word));
};
const filter = () => {
  const { reader, severity, text } = form.elements;
  const want = { reader: reader.value, severity: severity.value, words: wordsOf(text) };
  for (const card of changes) card.toggleAttribute("data-hidden", !fits(card, want));
  for (const line of lines) line.toggleAttribute("data-hidden", !want.words.every((word) => textOf(line).includes(word)));
  for (const section of document.querySelectorAll(".changes")) section.toggleAttribute("data-hidden", !section.querySelector(".card:not([data-hidden])"));
  for (const each of counts) each.ariaCurrent = each.dataset.reader === want.reader && each.dataset.severity === want.severity ? "true" : null;
  const left = changes.filter((each) => !each.hasAttribute("data-hidden")).length;
  output.textContent = want.reader || want.severity || want.words.length ? `${left} of ${changes.length} changes shown` : "";
};
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
for (const link of counts) {
  link.addEventListener("click", () => {
    form.elements.reader.value = link.dataset.reader;
    form.elements.severity.value = link.dataset.severity;
    filter();
  });
}
