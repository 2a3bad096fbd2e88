// The floor: listens to the site's stream and shows what the house shows now; counts down between.
"use strict";
(() => {
  const PARTS = ["head", "board", "rail", "owed"];
  const QUIET = 300; // a press makes several bulletins: one look is enough
  const LOOK_AGAIN = 20000;
  const wires = document.getElementById("wires").dataset;
  let ahead = 0;
  let lostSince = null;
  let waiting = 0;
  let lastLook = Date.now();

  const byId = (id) => document.getElementById(id);
  const now = () => Date.now() + ahead;

  const setClock = () => { ahead = Date.parse(document.querySelector("[data-now]").dataset.now) - Date.now(); };

  const look = async () => {
    waiting = 0;
    lastLook = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "floor" } });
      if (answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.reload(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of PARTS) {
        const [here, there] = [byId(id), fresh.getElementById(id)];
        if (here && there && !here.contains(document.activeElement)) here.replaceWith(document.adoptNode(there));
      }
      setClock();
      tick();
    } catch { /* the next look tries again */ }
  };

  const lookSoon = () => { if (!waiting) waiting = setTimeout(look, QUIET); };

  const clock = (seconds) => {
    const whole = Math.abs(Math.trunc(seconds));
    if (whole >= 6000) return `${Math.round(whole / 3600)} h`;
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const time = (moment) => {
    const timeZone = document.querySelector("[data-clock]").dataset.clock;
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
  };

  const tick = () => {
    for (const text of document.querySelectorAll("[data-left-until]")) {
      text.textContent = clock((Date.parse(text.dataset.leftUntil) - now()) / 1000);
    }
    const place = document.querySelector("[data-clock]");
    place.textContent = time(new Date(now()));
    const line = document.querySelector("#head p");
    line.dataset.calm ??= line.textContent;
    const words = lostSince ? wires.offline.replace("{time}", time(lostSince)) : line.dataset.calm;
    if (line.textContent !== words) line.textContent = words;
    if (Date.now() - lastLook >= LOOK_AGAIN) lookSoon();
  };

  const connect = () => {
    const source = new EventSource(wires.stream);
    source.addEventListener("open", () => { if (lostSince) { lostSince = null; lookSoon(); } });
    source.addEventListener("error", () => {
      lostSince ||= new Date(now());
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    });
    for (const kind of ["ring", "stop", "state", "update", "message", "hello"]) {
      source.addEventListener(kind, lookSoon);
    }
  };

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") lookSoon(); });
  setInterval(tick, 1000);
  setClock();
  tick();
  connect();
})();
