"use strict";
// Places to choose from while somebody types a name, below the field that `data-places` names. Without it the server
// asks which place was meant.
(() => {
  let wait = 0, asked = 0;

  const look = async (input, area) => {
    const mine = ++asked;
    const count = input.form.querySelector("[data-places-count]");
    const typed = input.value.trim();
    if (typed.length < 2) { area.replaceChildren(); count.textContent = ""; return; }
    const country = input.form.querySelector("input[name=country]:checked");
    const query = new URLSearchParams({ q: typed, land: country ? country.value : "" });
    const answer = await fetch(`${input.form.dataset.placesUrl}?${query}`).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const choices = [...found.querySelectorAll("input")];
    count.textContent = found.querySelector("[data-count]").textContent;
    const clear = choices.length === 1 && choices[0].dataset.name.toLowerCase() === typed.toLowerCase();
    const list = found.querySelector("fieldset");
    area.replaceChildren(...(list && !clear ? [document.adoptNode(list)] : []));
  };

  // On the document: the field may come into the page later.
  document.addEventListener("input", ({ target }) => {
    const area = target.form && target.form.querySelector("[data-places]");
    if (!area || target.name !== area.dataset.places) return;
    clearTimeout(wait);
    wait = setTimeout(look, 250, target, area);
  });
  document.addEventListener("change", ({ target }) => {
    const area = target.closest("[data-places]");
    if (area && target.dataset.name) target.form.elements[area.dataset.places].value = target.dataset.name;
  });
})();
