// Keeps the page after the press up to date: who is coming, and what can be pressed now.
// Without this script the page works too; a link in the bowl asks again.
"use strict";
(() => {
  const ASK_EVERY = 15000;
  const main = document.querySelector("main[data-now]");
  const acts = document.getElementById("acts");
  let stream = null;
  let listensTo = "";
  let asking = false;
  let leaving = false;

  const written = () =>
    [...main.querySelectorAll("#remark textarea, #remark input, #call input")].some((field) =>
      /radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

  // What is for pages without a script only reads differently here and there.
  const forget = (page) => page.querySelectorAll("noscript").forEach((part) => part.remove());

  function swap(region, fresh) {
    if (region.innerHTML !== fresh.innerHTML) region.replaceChildren(...fresh.cloneNode(true).childNodes);
  }

  // Once: a second try would abort the first. A phone that lost its line meanwhile tries again.
  function leave() {
    if (leaving) return;
    leaving = true;
    setTimeout(() => { leaving = false; }, ASK_EVERY);
    location.replace(main.dataset.page);
  }

  function show(page) {
    const fresh = page.querySelector("main");
    if (!fresh) return;
    forget(page);
    const turned = fresh.dataset.form !== main.dataset.form;
    if (turned && !written()) return leave();
    swap(document.getElementById("bowl"), page.getElementById("bowl"));
    const whose = document.getElementById("whose");
    if (whose) swap(whose, page.getElementById("whose"));
    swap(acts, page.getElementById(turned ? "onward" : "acts"));
    listen(page.getElementById("acts").dataset.stream);
  }

  async function ask() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(main.dataset.now, { credentials: "omit" });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // no connection: the page keeps what it knows and asks again
    } finally {
      asking = false;
    }
  }

  function listen(address) {
    if (!address || address === listensTo) return;
    if (stream) stream.close();
    listensTo = address;
    stream = new EventSource(address);
    stream.onopen = stream.onmessage = ask;
  }

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", ask);
  forget(main);
  setInterval(ask, ASK_EVERY);
  listen(acts.dataset.stream);
})();
