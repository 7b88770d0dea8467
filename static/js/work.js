// The box above a list that marks all of its rows; without JavaScript it stays hidden.
for (const all of document.querySelectorAll("[data-mark-all]")) {
  const box = all.querySelector("input");
  const rows = all.closest("form").querySelectorAll('tbody input[type="checkbox"]');
  all.hidden = false;
  box.addEventListener("change", () => { for (const row of rows) row.checked = box.checked; });
  for (const row of rows) row.addEventListener("change", () => { box.checked = [...rows].every((one) => one.checked); });
}
