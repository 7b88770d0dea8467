"use strict";
// The self-scan: saves while somebody types and shows follow-up questions in place. Every page works without it:
// the server decides what is saved and shown, this only asks it sooner.
(() => {
  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  // "Back" from the browser's own memory would show an older version than what is stored.
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  const box = form.querySelector("[data-questions]");
  const saved = document.querySelector("[data-saved]");
  const news = form.querySelector("[data-news]");
  const tell = (words) => { if (saved && saved.textContent !== words) saved.textContent = words; };
  let timer = 0, busy = null, changed = false, away = false, stopped = false;

  // --- saving

  const send = async () => {
    changed = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
        headers: { "X-Scan": "live", "X-Scan-Shape": form.dataset.shape },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      away = false;
      if (!stopped) apply(state);
    } catch {
      changed = away = true;
      if (!stopped) tell(form.dataset.unsaved);
    }
  };
  const apply = (state) => {
    if (state.sent) return location.reload();
    if (state.clash) { stopped = true; return tell(form.dataset.clash); }
    for (const name of ["version", "seen", "shown"]) form.elements[name].value = state[name];
    form.dataset.shape = state.shape;
    if (state.html !== undefined) merge(state.html);
    if (state.late) changed = true;
    else tell(state.saved);
  };
  const save = async () => {
    clearTimeout(timer);
    if (stopped || busy || !changed) return;
    busy = send();
    await busy;
    busy = null;
    if (changed) later(away ? 5000 : 300);
    else delete form.dataset.unsent;
  };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
  const note = (event) => {
    if (event.target.closest("[data-filter]")) return;
    changed = true;
    form.dataset.unsent = "";
    later(event.type === "change" ? 300 : 1500);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  // A save that is still under way was made by this same form (form_key): the server knows that it is nobody else's.
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; });

  // --- follow-up questions

  const merge = (html) => {
    const fresh = [...new DOMParser().parseFromString(html, "text/html").body.children];
    const mine = new Map([...box.children].map((node) => [node.dataset.question, node]));
    const titles = [];
    let cursor = box.firstElementChild;
    for (const node of fresh) {
      const own = mine.get(node.dataset.question);
      if (own && own.dataset.shape === node.dataset.shape) {
        // Never moved: that would take away the focus.
        while (cursor !== own) { const gone = cursor; cursor = cursor.nextElementSibling; gone.remove(); }
        cursor = own.nextElementSibling;
      } else {
        box.insertBefore(document.adoptNode(node), cursor);
        enhance(node);
        if (!own) titles.push(node.querySelector("legend, label, h2").textContent);
      }
    }
    while (cursor) { const gone = cursor; cursor = cursor.nextElementSibling; gone.remove(); }
    if (news && titles.length) news.textContent = `${news.dataset.news} ${titles.join(" ")}`;
  };

  // --- help with single fields

  // "None of these" excludes the others.
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked) return;
    const apart = Boolean(target.closest(".choice--apart"));
    for (const other of target.closest(".choices").querySelectorAll("input[type=checkbox]")) {
      if (other !== target && (apart || other.closest(".choice--apart"))) other.checked = false;
    }
  });

  const sums = (group) => {
    const inputs = [...group.querySelectorAll("input")];
    const line = document.createElement("p");
    line.className = "shares__sum";
    line.setAttribute("role", "status");
    const show = () => {
      const total = inputs.reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
      line.textContent = `${group.dataset.sum} ${total} %`;
    };
    group.append(line);
    group.addEventListener("input", show);
    show();
  };

  const filters = (group) => {
    const choices = [...group.querySelectorAll(".choice")];
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.className = "filter";
    label.dataset.filter = "";
    label.textContent = form.dataset.search;
    input.type = "search";
    input.className = "input";
    label.append(input);
    group.querySelector(".choices").before(label);
    const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    input.addEventListener("input", () => {
      const wanted = plain(input.value.trim());
      for (const choice of choices) {
        choice.hidden = !plain(choice.textContent).includes(wanted) && !choice.querySelector("input").checked;
      }
    });
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  };

  const enhance = (root) => {
    root.querySelectorAll("[data-sum]").forEach(sums);
    root.querySelectorAll("[data-searchable]").forEach(filters);
  };
  [...box.children].forEach(enhance);
})();
