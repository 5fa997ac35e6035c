// The text of a row as a search sees it: what is written, and what a title says.
const texts = new WeakMap();
const textOf = (row) => {
  if (!texts.has(row)) {
    const titles = [...row.querySelectorAll("[title]")].map((each) => each.title);
    texts.set(row, [row.textContent, ...titles].join(" ").toLowerCase());
  }
  return texts.get(row);
};
const wordsOf = (input) => input.value.toLowerCase().split(/\s+/).filter(Boolean);
