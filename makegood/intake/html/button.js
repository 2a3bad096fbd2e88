// Keeps a press until it has reached the house: sent once, however often it is tried.
"use strict";
(() => {
  const TRY_EVERY = 4000;
  const ANSWER_WITHIN = 10000;
  const WORTH_SENDING = 12 * 3600 * 1000;

  const main = document.querySelector("main");
  const page = main.dataset.page;
  const shelf = "press:" + page;
  const ready = [...main.children];
  const form = document.getElementById("press");
  const word = main.querySelector("[data-word]");
  const calm = word && word.textContent;
  let pending = null;
  let sending = false;
  let timer = 0;

  const freshKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  const keep = (press) => {
    pending = press;
    try {
      if (press) localStorage.setItem(shelf, JSON.stringify(press));
      else localStorage.removeItem(shelf);
    } catch { /* a private window: kept for as long as the page is open */ }
  };

  const isWorthSending = (press) => Date.now() - Date.parse(press.pressed_at) < WORTH_SENDING;

  const kept = () => {
    try {
      const press = JSON.parse(localStorage.getItem(shelf));
      return press && isWorthSending(press) ? press : null;
    } catch { return null; }
  };

  const busy = (is) => {
    if (!word) return;
    word.textContent = is ? word.dataset.busy : calm;
    word.closest("button").setAttribute("aria-busy", is);
  };

  function showWaiting() {
    if (main.dataset.state !== "waiting") {
      main.dataset.state = "waiting";
      main.replaceChildren(ready[0], document.getElementById("waiting").content.cloneNode(true));
      main.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
      main.querySelector("form a").addEventListener("click", takeBack);
    }
    const at = new Date(pending.pressed_at);
    for (const time of main.querySelectorAll("time")) {
      time.dateTime = pending.pressed_at;
      time.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    }
    main.querySelector("[data-why=phone]").hidden = navigator.onLine;
    main.querySelector("[data-why=house]").hidden = !navigator.onLine;
  }

  function takeBack(event) {
    if (form) event.preventDefault();  // else the link leads to a fresh button
    rest();
  }

  function rest() {
    keep(null);
    clearTimeout(timer);
    if (!form) return;
    form.elements.key.value = freshKey();
    busy(false);
    delete main.dataset.state;
    main.replaceChildren(...ready);
  }

  async function ask(press) {
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), ANSWER_WITHIN);
    try {
      const answer = await fetch(page + "/press", {
        method: "POST",
        headers: { "accept": "application/json", "content-type": "application/json" },
        body: JSON.stringify({ ...press, sent_at: new Date().toISOString() }),
        signal: patience.signal,
        redirect: "error",
      });
      return await answer.json();
    } catch {
      return {};
    } finally {
      clearTimeout(limit);
    }
  }

  async function send() {
    if (sending || !pending) return;
    if (!isWorthSending(pending)) return form ? rest() : (keep(null), location.replace(page));
    sending = true;
    clearTimeout(timer);
    const said = await ask(pending);
    sending = false;
    if (said.url) {
      keep(null);
      location.assign(said.url);
    } else if (said.code === "not_found" || said.code === "invalid") {
      keep(null);
      location.replace(page);  // the house says there in words what is wrong
    } else if (pending) {
      showWaiting();
      timer = setTimeout(send, TRY_EVERY);
    }
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (pending) return;
      keep({ key: form.elements.key.value, pressed_at: new Date().toISOString() });
      busy(true);
      send();
    });
  }
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  addEventListener("pageshow", (event) => { if (event.persisted && !pending) location.reload(); });

  if (main.dataset.unsent) {
    keep({ key: main.dataset.unsent, pressed_at: main.querySelector("time").dateTime });
    history.replaceState(null, "", page);
  } else {
    pending = kept();
  }
  if (pending) {
    showWaiting();
    send();
  }
})();
