"use strict";
// Small help on every page; each page works without it.
(() => {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  const menu = document.querySelector("details.menu");
  if (!menu) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
