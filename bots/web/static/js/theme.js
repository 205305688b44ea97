// System, dark, light: a toggle that remembers.

import { byId, setIcon } from "./dom.js";
import { choice, choose } from "./memory.js";

const ORDER = ["", "dark", "light"];
const WORDS = { "": "Theme: system", dark: "Theme: dark", light: "Theme: light" };
const ICONS = { "": "auto", dark: "moon", light: "sun" };
const PAPER = { dark: "#121315", light: "#f6f3ec" };
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => document.documentElement.dataset.theme === "dark";

function apply() {
  const chosen = ORDER.includes(choice("theme")) ? choice("theme") : "";
  const dark = chosen ? chosen === "dark" : system.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = PAPER[dark ? "dark" : "light"];
  const button = byId("theme");
  setIcon(button, ICONS[chosen]);
  button.querySelector("span").textContent = WORDS[chosen];
  document.dispatchEvent(new CustomEvent("themechange"));
}

export function startTheme() {
  byId("theme").addEventListener("click", () => {
    choose("theme", ORDER[(ORDER.indexOf(choice("theme")) + 1) % ORDER.length]);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
