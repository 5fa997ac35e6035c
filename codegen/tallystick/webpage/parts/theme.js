// Light, dark, or as the system says; remembered where the browser allows it.
const themes = { "": "as the system", light: "light", dark: "dark" };
const themeButton = document.querySelector(".theme");
const remembered = () => { try { return localStorage.getItem("tallystick-theme") || ""; } catch { return ""; } };
const setTheme = (name) => {
  const known = name in themes ? name : "";
  if (known) document.documentElement.dataset.theme = known; else delete document.documentElement.dataset.theme;
  themeButton.textContent = `theme: ${themes[known]}`;
  try { localStorage.setItem("tallystick-theme", known); } catch { /* a page without storage forgets */ }
};
const nextTheme = () => {
  const names = Object.keys(themes);
  setTheme(names[(names.indexOf(document.documentElement.dataset.theme || "") + 1) % names.length]);
};
setTheme(remembered());
themeButton.hidden = false;
themeButton.addEventListener("click", nextTheme);
