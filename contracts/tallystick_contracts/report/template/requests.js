// Every request of the log as a table, filtered like the page and by a click on a strip.
const part = document.querySelector(".every");
if (part) {
  const { texts: words, rows: log } = JSON.parse(document.getElementById("log").textContent);
  const [body, told, more, chosen] = ["tbody", "output", ".more", ".chosen"].map((each) => part.querySelector(each));
  const hint = chosen.textContent;
  const span = Number(document.querySelector("#requests").dataset.seconds) * 1000;
  let limit = 200, from = 0, until = Infinity, clicked = null;
  const kind = (status) => (status === 0 || status >= 500 ? "failed" : { 2: "accepted", 4: "refused" }[Math.floor(status / 100)] || "other");
  const cell = (...children) => { const td = document.createElement("td"); td.append(...children); return td; };
  const element = (name, text, className = "") => Object.assign(document.createElement(name), { textContent: text, className });
  const number = (text) => Object.assign(cell(text), { className: "n" });
  const line = ([no, at, took, method, target, , status, rule, engine, finding]) => {
    const row = document.createElement("tr");
    const asked = words[rule] ? [`${words[engine]}: `, element("code", words[rule])] : [words[engine]];
    const link = words[finding] ? [Object.assign(element("a", "✗ finding", "link"), { href: `#${words[finding]}` })] : [];
    row.append(number(no.toLocaleString("en")), number((at / 1000).toFixed(3)), number((took / 1000).toFixed(2)),
      cell(element("b", words[method], "method"), " ", element("code", words[target])),
      cell(element("span", status || "no answer", `key ${kind(status)}`)), cell(...asked), cell(...link));
    return row;
  };
  const show = () => {
    const want = wanted();
    const left = log.filter((each) => each[1] >= from && each[1] <= until
      && (clicked === null || words[each[5]] === clicked)
      && (!want.operation || words[each[5]] === want.operation)
      && (want.standing !== "broken" || words[each[9]])
      && want.words.every((word) => [3, 4, 7, 8].some((at) => words[each[at]].toLowerCase().includes(word)) || String(each[6]) === word));
    body.replaceChildren(...left.slice(0, limit).map(line));
    more.hidden = left.length <= limit;
    told.textContent = `${Math.min(limit, left.length)} of ${left.length} shown`;
    chosen.textContent = until === Infinity ? hint : `${(from / 1000).toFixed(2)} s to ${(until / 1000).toFixed(2)} s; Escape shows all.`;
  };
  const pick = (strip, event) => {
    const box = strip.getBoundingClientRect(), width = span / 40;
    const at = ((event.clientX - box.left) / box.width) * span;
    const { operation, all } = strip.closest("tr").dataset;
    [from, until, clicked, limit] = [at - width, at + width, all === undefined ? operation : null, 200];
    part.open = true;
    show();
    part.scrollIntoView({ block: "nearest" });
  };
  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open) show(); });
  more.addEventListener("click", () => { limit += 200; show(); });
  listeners.push(() => { [from, until, clicked, limit] = [0, Infinity, null, 200]; if (part.open) show(); });
  for (const strip of document.querySelectorAll(".strip")) strip.addEventListener("click", (event) => pick(strip, event));
}
