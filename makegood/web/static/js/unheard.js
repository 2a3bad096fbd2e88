// The staff phone: a tap that did not reach the house says so beside what was tapped, and aloud, also
// when the screen is drawn anew meanwhile. What was tapped stays, and pager.js rings on.
"use strict";
(() => {
  const ANSWER_WITHIN = 15000;
  const SHAKE = [80, 80, 80];
  const said = document.getElementById("said");
  const { unheard } = document.getElementById("wires").dataset;
  let failed = null; // the address that was tapped, and what is said of it

  const isTap = ({ requestConfig }) => requestConfig.elt !== document.body; // the pager looks by itself

  // A refusal is a sentence of its own; without one the tap was not understood, or not heard.
  const wordsOf = ({ status, responseText }) => {
    const refused = status >= 400 && status < 500 && new DOMParser().parseFromString(responseText, "text/html").querySelector("h1");
    return refused ? refused.textContent.trim() : unheard;
  };

  const forget = () => document.querySelectorAll("[data-unheard]").forEach((note) => note.remove());

  const show = () => {
    forget();
    if (!failed) return;
    const tapped = [...document.querySelectorAll("#pager form, #pager a")]
      .find((one) => (one.action || one.href) === failed.address);
    if (!tapped) { failed = null; return; }
    const note = document.createElement("p");
    note.className = "pager__unheard";
    note.dataset.unheard = "";
    note.textContent = failed.words;
    (tapped.closest(".pager__acts") || tapped.querySelector(".pager__acts") || tapped).prepend(note);
  };

  const tell = ({ detail }) => {
    if (!isTap(detail)) return;
    failed = { address: new URL(detail.requestConfig.path, location).href, words: wordsOf(detail.xhr) };
    said.textContent = failed.words;
    show();
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(SHAKE);
  };

  htmx.config.timeout = ANSWER_WITHIN;
  for (const lost of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(lost, tell);
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!isTap(detail)) return;
    failed = null;
    forget();
    said.textContent = ""; // what is said once more is read out once more
  });
})();
