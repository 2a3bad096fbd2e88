// The policy's editor: line numbers, help for the line of the caret, and what the house refused.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const text = byId("text");

  // A refusal is drawn by the house, with what was typed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status < 400 || !target.id || !xhr.responseText.includes(`id="${target.id}"`)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  if (!text) return;

  const gutter = document.querySelector(".gutter");
  const fields = [...document.querySelectorAll("#fields [data-path]")];
  let keptText = text.value;
  let sentText = keptText;

  const number = () => {
    const wanted = text.value.split("\n").length;
    for (let line = gutter.childElementCount + 1; line <= wanted; line++) {
      const one = document.createElement("span");
      one.id = `L${line}`;
      one.textContent = line;
      gutter.append(one);
    }
    while (gutter.childElementCount > wanted) gutter.lastElementChild.remove();
    text.rows = wanted;
  };

  const mark = () => {
    const wrong = byId("checked").dataset.line;
    for (const one of gutter.querySelectorAll(".is-wrong")) one.classList.remove("is-wrong");
    if (wrong && byId(`L${wrong}`)) byId(`L${wrong}`).classList.add("is-wrong");
  };

  const caretLine = () => text.value.slice(0, text.selectionStart).split("\n").length;

  // The path of a line, from its indentation: steps.contact.by, tables.ladder[].use
  const pathOf = (lines, at) => {
    const read = (line) => {
      const found = /^(\s*)((?:- )*)([A-Za-z_]\w*)\s*:/.exec(line);
      if (found) return { depth: found[1].length + found[2].length, dashes: found[2].length / 2, name: found[3], margin: found[1].length };
      const row = /^(\s*)- /.exec(line);
      return row ? { depth: row[1].length + 2, dashes: 1, name: "", margin: row[1].length } : null;
    };
    let depth = Infinity;
    let path = "";
    for (let line = at; line >= 0; line--) {
      const one = read(lines[line]);
      if (!one || one.depth >= depth && !(one.dashes && one.margin < depth && one.depth === depth)) continue;
      if (one.depth < depth && one.name) path = path ? `${one.name}${path.startsWith("[]") ? "" : "."}${path}` : one.name;
      if (one.dashes) path = `[]${path && !path.startsWith("[]") ? "." : ""}${path}`;
      depth = one.dashes ? one.margin + 1 : one.depth;
      if (one.margin === 0 && !one.dashes) break;
    }
    return path;
  };

  const general = (path) => path
    .replace(/^steps\.\w+\./, "steps.*.")
    .replace(/\.variants\.\w+\./, ".variants.*.")
    .replace(/^ladders\.\w+(\[\])?/, "ladders.*[]");

  const help = () => {
    const line = caretLine();
    for (const one of gutter.querySelectorAll(".is-here")) one.classList.remove("is-here");
    if (byId(`L${line}`)) byId(`L${line}`).classList.add("is-here");
    const path = pathOf(text.value.split("\n"), line - 1);
    const wanted = general(path);
    let found = fields.filter((one) => [path, wanted].includes(one.dataset.path));
    if (/^\s*- \{|: \{/.test(text.value.split("\n")[line - 1])) {
      const inner = wanted.endsWith("[]") ? wanted : `${wanted}`;
      found = [...found, ...fields.filter((one) => one.dataset.path.startsWith(`${inner}.`))];
    }
    byId("line-path").textContent = found.length ? path : "";
    const list = document.createElement("dl");
    list.className = "words";
    list.append(...found.map((one) => one.cloneNode(true)));
    if (found.length) byId("line-help").replaceChildren(list);
  };

  const putCaret = (line, column) => {
    const lines = text.value.split("\n");
    const place = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    text.focus();
    text.setSelectionRange(place, place);
    if (byId(`L${line}`)) byId(`L${line}`).scrollIntoView({ block: "center" });
    help();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-caret]");
    if (!link) return;
    event.preventDefault();
    putCaret(...link.dataset.caret.split(":").map(Number));
  });
  text.addEventListener("input", number);
  text.addEventListener("keydown", (event) => {
    // Enter keeps the indentation of the line above.
    if (event.key !== "Enter" || event.isComposing) return;
    const begin = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const margin = /^ */.exec(text.value.slice(begin, text.selectionStart))[0];
    if (!margin) return;
    event.preventDefault();
    text.setRangeText(`\n${margin}`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("selectionchange", () => { if (document.activeElement === text) help(); });
  document.addEventListener("htmx:beforeRequest", () => { sentText = text.value; });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.xhr.status < 400) keptText = sentText;
    mark();
  });
  let leaving = false;
  byId("editor").addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== keptText) event.preventDefault();
  });
  number();
  mark();
  if (/^#L\d+$/.test(location.hash)) {
    const line = Number(location.hash.slice(2));
    const { line: wrong, column } = byId("checked").dataset;
    putCaret(line, Number(wrong) === line ? Number(column) : 1);
  }
})();
