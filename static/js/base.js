"use strict";
// Small help on every page; each page works without it.
(() => {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  const offerCopying = () => {
    for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  };
  if (navigator.clipboard) {
    offerCopying();
    document.addEventListener("htmx:afterSwap", offerCopying);
    document.addEventListener("click", async (event) => {
      const button = event.target.closest("button[data-copy]");
      if (!button) return;
      await navigator.clipboard.writeText(button.dataset.copy);
      button.querySelector("span").textContent = button.dataset.done;
    });
  }
  const menu = document.querySelector("details.menu");
  if (!menu) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
