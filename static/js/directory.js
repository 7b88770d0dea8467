"use strict";
// Choosing in a filter draws the filters anew; the one that was open stays so, and what had the focus keeps it.
// Without a script the form is sent as ever.
(() => {
  let open = "", focused = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const facet = document.querySelector(".facet[open]");
    open = facet ? facet.dataset.facet : "";
    focused = facet && facet.contains(document.activeElement) ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const facet = document.querySelector(`.facet[data-facet="${open}"]`);
    if (facet) facet.open = true;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const field = focused && document.getElementById(focused);
    if (field) field.focus({ preventScroll: true });
    focused = "";
  });
})();
