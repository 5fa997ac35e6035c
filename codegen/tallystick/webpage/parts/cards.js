// Cards: opened by a link to them, by keys, for print; what is to be copied, copied.
const cards = () => [...document.querySelectorAll(".card:not([data-hidden])")];
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest("[data-hidden]")) { form.reset(); filter(); }
  for (let each = target.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  const card = target.closest(".card, .block");
  (card || target).scrollIntoView({ block: card ? "start" : "center" });
  if (card && target.matches(".inside")) card.querySelector("summary").focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
addEventListener("click", (event) => { if (event.target.closest('a[href^="#"]')) setTimeout(reveal); });
const step = (by) => {
  const every = cards();
  const at = every.findIndex((each) => each.contains(document.activeElement));
  const next = every[at < 0 ? (by > 0 ? 0 : every.length - 1) : Math.min(every.length - 1, Math.max(0, at + by))];
  if (!next) return;
  next.querySelector("summary").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};
const toggleAll = () => {
  const every = cards();
  const open = every.some((each) => !each.open);
  for (const each of every) each.open = open;
};
const closed = [];
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details:not([open], .part, .fold)")) { each.open = true; closed.push(each); }
});
addEventListener("afterprint", () => { for (const each of closed.splice(0)) each.open = false; });
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
reveal();
