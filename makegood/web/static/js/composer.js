// The letter as it is written: marks what a colleague notes, under the words themselves.
"use strict";
(() => {
  let marks = []; // [begins, ends] in the text
  let before = "";

  const text = () => document.getElementById("letter-body");
  const under = () => document.querySelector(".composer__under");

  const read = () => {
    const notes = document.getElementById("notes");
    const said = notes ? notes.dataset.marks : "";
    marks = said ? said.split(" ").map((one) => one.split("-").map(Number)) : [];
    before = text() ? text().value : "";
  };

  // What was typed moves the marks behind it and takes those it touched; the house marks anew soon.
  const shift = () => {
    const now = text().value;
    const shorter = Math.min(before.length, now.length);
    let same = 0;
    while (same < shorter && before[same] === now[same]) same++;
    let tail = 0;
    while (tail < shorter - same && before.at(-1 - tail) === now.at(-1 - tail)) tail++;
    const moved = now.length - before.length;
    marks = marks.flatMap(([begins, ends]) => {
      if (ends <= same) return [[begins, ends]];
      return begins >= before.length - tail ? [[begins + moved, ends + moved]] : [];
    });
    before = now;
  };

  const paint = () => {
    const [sheet, field] = [under(), text()];
    if (!sheet || !field) return;
    const words = field.value;
    const pieces = [];
    let at = 0;
    for (const [begins, ends] of marks) {
      const mark = document.createElement("mark");
      mark.className = "lint";
      mark.textContent = words.slice(begins, ends);
      pieces.push(words.slice(at, begins), mark);
      at = ends;
    }
    sheet.replaceChildren(...pieces, `${words.slice(at)}\u200b`);
    sheet.scrollTop = field.scrollTop;
  };

  const begin = () => { read(); paint(); };

  const isUnsaved = () => {
    const field = text();
    return Boolean(field) && (field.value !== field.defaultValue || Boolean(field.closest("[data-unsaved]")));
  };

  document.addEventListener("input", (event) => {
    if (event.target !== text()) return;
    shift();
    paint();
  });
  document.addEventListener("scroll", (event) => {
    if (event.target === text()) under().scrollTop = text().scrollTop;
  }, true);
  document.addEventListener("htmx:afterSwap", begin);
  document.addEventListener("fresh", begin);
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  begin();
})();
