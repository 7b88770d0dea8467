// Turns each textarea with `data-editor` into an editor with buttons. The textarea stays the field of the form: what is
// typed is written back to it at once. When the editor can't be fetched, the textarea simply stays.
"use strict";

const BUTTONS = [
  ["paragraph", (chain) => chain.setParagraph(), ["paragraph"]],
  ["h2", (chain) => chain.toggleHeading({ level: 2 }), ["heading", { level: 2 }]],
  ["h3", (chain) => chain.toggleHeading({ level: 3 }), ["heading", { level: 3 }]],
  ["bold", (chain) => chain.toggleBold(), ["bold"]],
  ["italic", (chain) => chain.toggleItalic(), ["italic"]],
  ["bulletList", (chain) => chain.toggleBulletList(), ["bulletList"]],
  ["orderedList", (chain) => chain.toggleOrderedList(), ["orderedList"]],
  ["blockquote", (chain) => chain.toggleBlockquote(), ["blockquote"]],
  ["link", null, ["link"]],
  ["undo", (chain) => chain.undo(), null],
  ["redo", (chain) => chain.redo(), null],
];
// An address of this site, of another one, or of a mailbox; the server refuses the rest as well.
const ADDRESS = /^(\/(?!\/)|#|https:\/\/|mailto:)\S*$/;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function linkDialog(editor, words, id) {
  const field = make("input", { id: `${id}-address`, type: "text", inputmode: "url", autocomplete: "off",
    "aria-describedby": `${id}-hint ${id}-wrong` });
  const wrong = make("p", { id: `${id}-wrong`, class: "errornote editor__wrong", role: "alert" });
  const cancel = make("button", { type: "button", class: "button editor__cancel" }, words.cancel);
  const form = make("form", { method: "dialog", novalidate: "" },
    make("label", { for: `${id}-address` }, words.address),
    make("p", { id: `${id}-hint`, class: "help" }, words.addressHint),
    field, wrong,
    make("p", { class: "editor__answers" }, make("button", { type: "submit", class: "button" }, words.place), cancel));
  const dialog = make("dialog", { class: "editor__dialog", "aria-label": words.link }, form);
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const href = field.value.trim();
    if (href && !ADDRESS.test(href)) {
      wrong.textContent = words.wrong;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    dialog.close();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive("link"))
      chain.insertContent([{ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }]).run();
    else chain.setLink({ href }).setTextSelection(editor.state.selection.to).run();
  });
  document.body.append(dialog);
  return () => {
    field.value = editor.getAttributes("link").href || "";
    wrong.textContent = "";
    field.removeAttribute("aria-invalid");
    dialog.showModal();
    field.select();
  };
}

function toolbar(editor, words, id, name) {
  const askLink = linkDialog(editor, words, id);
  const bar = make("div", { class: "editor__bar", role: "toolbar", "aria-label": `${words.toolbar}: ${name}`,
    "aria-controls": `${id}-editor` });
  const parts = BUTTONS.map(([code, act, active]) => {
    const button = make("button", { type: "button", class: `editor__button editor__button--${code}`, tabindex: "-1" },
      words[code]);
    button.addEventListener("click", () => (act ? act(editor.chain().focus()).run() : askLink()));
    bar.append(button);
    return { button, active };
  });
  // One stop for Tab; the arrows go from button to button.
  const buttons = parts.map((part) => part.button);
  buttons[0].tabIndex = 0;
  bar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    buttons.forEach((button) => { button.tabIndex = -1; });
    const next = buttons[(to + buttons.length) % buttons.length];
    next.tabIndex = 0;
    next.focus();
  });
  const show = () => parts.forEach(({ button, active }) => {
    if (active) button.setAttribute("aria-pressed", String(editor.isActive(...active)));
  });
  editor.on("transaction", show);
  show();
  return bar;
}

function begin(kit, area) {
  const words = JSON.parse(area.dataset.editorWords);
  const label = area.labels[0];
  const name = label ? label.textContent.trim().replace(/:$/, "") : area.name;
  const described = area.getAttribute("aria-describedby");
  const box = make("div", { class: "editor" });
  const place = make("div", { class: "editor__text" });
  const attributes = { id: `${area.id}-editor`, role: "textbox", "aria-multiline": "true", "aria-label": name,
    class: "editor__area", lang: area.name.slice(-2) === "en" ? "en" : "nl" };
  if (described) attributes["aria-describedby"] = described;
  if (area.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
  const editor = new kit.Editor({
    element: place,
    injectCSS: false, // the policy allows no style element; static/css/editor.css holds what is needed
    editable: !area.disabled && !area.readOnly,
    editorProps: { attributes },
    extensions: [kit.Document, kit.Paragraph, kit.Text, kit.Bold, kit.Italic, kit.Heading.configure({ levels: [2, 3, 4] }),
      kit.BulletList, kit.OrderedList, kit.ListItem, kit.Blockquote, kit.HardBreak, kit.HorizontalRule, kit.UndoRedo,
      kit.pm && kit.Gapcursor, kit.Link.configure({ openOnClick: false, enableTarget: false })].filter(Boolean),
    content: area.value,
    onUpdate: ({ editor: one }) => { area.value = one.isEmpty ? "" : one.getHTML(); },
  });
  box.append(toolbar(editor, words, area.id, name), place);
  area.after(box);
  area.hidden = true;
  if (label) label.addEventListener("click", (event) => { event.preventDefault(); editor.commands.focus(); });
}

for (const area of document.querySelectorAll("textarea[data-editor]")) {
  import(area.dataset.editor).then((kit) => begin(kit, area)).catch((error) => console.error(error));
}
