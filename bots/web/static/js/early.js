// Runs before the first paint, so that the page never flashes in the wrong theme.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("audiogpt.theme");
  } catch {
    // Storage is forbidden: the system's theme it is.
  }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
