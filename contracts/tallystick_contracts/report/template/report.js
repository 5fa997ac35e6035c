"use strict";
(() => {
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll(".fault, .list tr[data-law], .map tbody tr")];
  const output = form.querySelector("output");
  const text = new Map(rows.map((row) => [row, (row.textContent + " " + [...row.querySelectorAll("[title]")].map((each) => each.title).join(" ")).toLowerCase()]));

  const shown = (row, law, standing, words) => {
    if (law && row.dataset.law && row.dataset.law !== law) return false;
    if (standing && row.dataset.standing && !row.dataset.standing.split(" ").includes(standing)) return false;
    if (standing && !row.dataset.standing && !row.querySelector("td." + standing)) return false;
    return words.every((word) => text.get(row).includes(word));
  };
  const filter = () => {
    const { law, standing, text: input } = form.elements;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const any = law.value || standing.value || words.length;
    for (const row of rows) row.toggleAttribute("data-hidden", !shown(row, law.value, standing.value, words));
    const faults = [...document.querySelectorAll(".fault")];
    const left = faults.filter((each) => !each.hasAttribute("data-hidden")).length;
    output.textContent = any && faults.length ? `${left} of ${faults.length} faults` : "";
  };
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  open();
  for (const cell of document.querySelectorAll(".matrix td a")) {
    cell.addEventListener("click", () => { form.elements.law.value = cell.dataset.law; filter(); open(); });
  }
  for (const name of document.querySelectorAll(".matrix th a")) name.addEventListener("click", () => { form.reset(); open(); });
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      getSelection().selectAllChildren(code);
      try { await navigator.clipboard.writeText(code.textContent); } catch { document.execCommand("copy"); }
      button.textContent = "copied";
      setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
  }
})();
