// The staff phone: hears its stream, rings, counts down, tells the house what arrived and was seen.
// The house draws every screen; this only replaces #pager by what the house shows now.
"use strict";
(() => {
  const RING_AGAIN = 7000;
  const CLICK_WITHIN = 100;
  const SHORT = 60;
  const SAY_AT = [120, 60];
  const wires = document.getElementById("wires");
  const said = document.getElementById("said");
  const words = wires.dataset;
  const heard = new Set(); // ids of bulletins, so that a replayed one does nothing twice
  const HEARD_AT_MOST = 100; // the house replays a few seconds, also to the next screen of this phone
  const rang = new Map(); // page and round, to when it last rang
  const told = new Set(); // receipts given
  let ahead = 0; // the house's clock minus this phone's, in ms
  let lostSince = null;
  let announced = new Set();
  let arrivedTest = "";

  const pager = () => document.getElementById("pager");
  const now = () => Date.now() + ahead;
  const isVisible = () => document.visibilityState === "visible";

  // --- light, sound, touch

  let audio = null;
  let lock = null;

  const soundIsLocked = () => !audio || audio.state !== "running";

  const wasTouched = () => Boolean(navigator.userActivation && navigator.userActivation.hasBeenActive);

  const showLocked = () => {
    const locked = soundIsLocked() && !wasTouched();
    for (const note of document.querySelectorAll("[data-locked]")) note.hidden = !locked;
  };

  const unlockSound = () => {
    try {
      audio ||= new AudioContext();
      audio.resume().catch(() => {});
    } catch { /* no sound here: it still shakes and lights up */ }
  };

  // Only once the tap is over: what moves under a finger is not tapped.
  const wasTapped = () => { if (audio) audio.resume().then(showLocked, showLocked); };

  const beep = (times, pitch) => {
    if (soundIsLocked()) return;
    for (let i = 0; i < times; i++) {
      const at = audio.currentTime + i * 0.32;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.setValueAtTime(pitch, at);
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.8, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.26);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.28);
    }
  };

  const stayLit = async () => {
    if (!("wakeLock" in navigator) || lock || !isVisible()) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch { /* the battery is low, or the phone says no */ }
  };

  // A browser lets a page shake the phone only after it was touched once.
  const mayShake = () => navigator.vibrate && wasTouched();

  const alarm = (severity) => {
    const strong = Number(severity) >= 4;
    const shakes = strong ? 5 : 3;
    if (mayShake()) navigator.vibrate(Array(shakes).fill([strong ? 500 : 300, 150]).flat());
    beep(shakes, strong ? 1050 : 880);
  };

  // In their quiet hours, what is small is shown and makes no sound; at the end it rings, if open.
  const isQuiet = (severity) => {
    const { quietFrom, quietUntil, quietBelow } = pager().dataset;
    return quietUntil && Number(severity) < Number(quietBelow)
      && Date.parse(quietFrom) <= now() && now() < Date.parse(quietUntil);
  };

  const turnQuiet = (main) => {
    if (!main.dataset.quietTurns || Date.parse(main.dataset.quietTurns) > now()) return;
    delete main.dataset.quietTurns;
    refreshUnlessBusy();
  };

  // --- talking to the house

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  const tell = ({ page, round, again }, what) => {
    const key = [page, round, again || 0, what].join("/"); // each ring anew has a receipt of its own
    if (told.has(key)) return;
    told.add(key);
    fetch(`${words.pager}${page}/${what}/`, {
      method: "POST", headers: { "X-CSRFToken": token() }, keepalive: true,
    }).then((answer) => { if (answer.status >= 500) told.delete(key); }, () => told.delete(key));
  };

  let asking = false;
  let askAgain = false;
  let touching = false; // a finger is on the screen

  const isWriting = () => {
    const at = document.activeElement;
    return at && at.closest("#pager") && /^(INPUT|TEXTAREA)$/.test(at.tagName) && at.type !== "checkbox";
  };

  const hasChosen = () => document.querySelector("#pager .give input[type=checkbox]:checked");

  // Somebody who chooses or writes is not interrupted; what is new waits for their next tap.
  const isBusy = () => isWriting() || hasChosen() || document.querySelector("#pager .htmx-request");

  const refresh = async (address = pager().dataset.here) => {
    if (asking || touching) { askAgain = true; return; }
    asking = true;
    try {
      await htmx.ajax("GET", address, { target: "#pager", select: "#pager", swap: "outerHTML show:none" });
    } catch { /* the stream tells us when the house is back */ }
    asking = false;
    askNow();
  };

  const askNow = () => { if (askAgain && !asking) { askAgain = false; refresh(); } };

  // A button that is replaced under the finger is not tapped, and a form that is gone says nothing.
  const isHeld = () => touching || document.querySelector("#pager .htmx-request");

  // The click comes after the finger has left, and what it says has to be under way first.
  const letGo = () => setTimeout(() => { touching = false; askNow(); }, CLICK_WITHIN);

  const shown = () => {
    const main = pager();
    if (!main) return;
    ahead = Date.parse(main.dataset.now) - Date.now();
    announced = new Set();
    const draft = main.querySelector("[data-test]");
    if (draft && draft.dataset.test === arrivedTest) arrived(draft);
    for (const page of main.querySelectorAll("[data-ringing]")) {
      const { ringing, round, again } = page.dataset;
      tell({ page: ringing, round, again }, "received");
      if (isVisible()) tell({ page: ringing, round, again }, "seen");
      if (!rang.has(ringing + "/" + round)) ringFor(page);
    }
    showLocked();
    showLine();
    tick();
    spend();
  };

  const ringFor = (page) => {
    if (isQuiet(page.dataset.severity)) return;
    rang.set(page.dataset.ringing + "/" + page.dataset.round, Date.now());
    alarm(page.dataset.severity);
  };

  const arrived = (row) => {
    row.classList.add("is-here");
    const when = row.querySelector("[data-arrived]");
    when.textContent = when.dataset.arrived;
  };

  // --- what the stream says

  const onRing = (ring) => {
    if (!isQuiet(ring.severity)) {
      rang.set(ring.page + "/" + ring.round, Date.now());
      alarm(ring.severity);
    }
    tell(ring, "received");
    if (ring.purpose === "reach" && pager().dataset.screen === "quiet") drawAtOnce(ring);
    if (!isBusy() && !isTesting()) refresh(words.pager);
  };

  const onTest = (test) => {
    arrivedTest = test.test;
    alarm(3);
    const row = document.querySelector("[data-test]");
    if (row && row.dataset.test === test.test) arrived(row);
  };

  const onArrived = ({ test }) => {
    const row = document.querySelector(`[data-arrives="${test}"]`);
    if (row) arrived(row);
  };

  // Felt, and said so somewhere else: on the wrist, or on the notification of a phone.
  const onFelt = ({ test }) => {
    const waiting = document.querySelector("[data-felt-leads]");
    if (waiting && (waiting.dataset.test || test) === test) location.assign(waiting.dataset.feltLeads);
  };

  const isTesting = () => document.querySelector("[data-test]");

  // Screens that show a form (whom to hand over to, why) stay until they are answered.
  const refreshUnlessBusy = () => { if (pager().dataset.screen && !isBusy()) refresh(); };

  // Before the house has drawn the screen: the bulletin says enough to start walking.
  const drawAtOnce = (ring) => {
    const main = pager();
    const make = (name, css, text) => {
      const element = document.createElement(name);
      element.className = css;
      element.textContent = text || "";
      return element;
    };
    const fill = make("div", "pager__fill");
    if (ring.leaves_at) {
      const time = make("p", "pager__words num");
      time.dataset.leftUntil = ring.leaves_at;
      fill.append(make("p", "pager__hint pager__hint--lead", words.leaves), time);
    }
    const acts = make("div", "pager__acts");
    const form = make("form", "");
    form.method = "post";
    form.action = `${words.pager}${ring.page}/going/`;
    const csrf = make("input", "");
    Object.assign(csrf, { type: "hidden", name: "csrfmiddlewaretoken", value: token() });
    form.append(csrf, make("button", "pager__go", words.going));
    acts.append(form);
    main.dataset.screen = "ringing";
    main.replaceChildren(
      main.querySelector(".pager__bar"), make("h1", "", ring.place), make("p", "pager__what", ring.what || ring.hint),
      fill, make("p", "pager__who", ring.who), acts,
    );
    htmx.process(form);
    if (!isQuiet(ring.severity)) said.textContent = words.ringing.replace("{place}", ring.place).replace("{what}", ring.what || "");
    tick();
  };

  const hear = (kind, act) => (event) => {
    if (event.lastEventId) {
      if (heard.has(event.lastEventId)) return;
      heard.add(event.lastEventId);
      try {
        sessionStorage.setItem("last", event.lastEventId);
        sessionStorage.setItem("heard", [...heard].slice(-HEARD_AT_MOST).join(" "));
      } catch { /* private window */ }
    }
    act(JSON.parse(event.data), kind);
  };

  let source = null;

  const connect = () => {
    let last = "";
    try {
      last = sessionStorage.getItem("last") || "";
      for (const id of (sessionStorage.getItem("heard") || "").split(" ")) heard.add(id);
    } catch { /* private window */ }
    source = new EventSource(words.stream + (last ? `?last=${encodeURIComponent(last)}` : ""));
    source.addEventListener("open", () => {
      if (!lostSince) return;
      lostSince = null;
      showLine();
      refreshUnlessBusy();
    });
    source.addEventListener("error", () => {
      lostSince ||= new Date(now());
      showLine();
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    });
    source.addEventListener("ring", hear("ring", onRing));
    source.addEventListener("test", hear("test", onTest));
    source.addEventListener("arrived", hear("arrived", onArrived));
    source.addEventListener("felt", hear("felt", onFelt));
    for (const kind of ["hello", "stop", "state", "update"]) {
      source.addEventListener(kind, hear(kind, refreshUnlessBusy));
    }
  };

  // --- what counts down on the screen

  const clock = (seconds) => {
    const whole = Math.abs(Math.trunc(seconds));
    if (whole >= 6000) return `${Math.round(whole / 3600)} h`;
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const showLine = () => {
    const main = pager();
    if (!main) return;
    const dot = main.querySelector("[data-line]");
    const state = main.querySelector("[data-state]");
    if (!dot) return;
    state.dataset.calm ??= state.textContent;
    dot.classList.toggle("is-lost", Boolean(lostSince));
    state.textContent = lostSince ? words.offline.replace("{time}", clockTime(lostSince)) : state.dataset.calm;
  };

  const clockTime = (moment) => {
    const place = pager().querySelector("[data-clock]");
    const timeZone = (place && place.dataset.clock) || undefined;
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
  };

  const turn = (holder) => {
    const ends = Date.parse(holder.dataset.ends);
    const begins = Date.parse(holder.dataset.begins);
    const left = (ends - now()) / 1000;
    const share = Math.max(0, Math.min(100, ((ends - now()) / (ends - begins)) * 100));
    holder.querySelector("b").textContent = clock(left);
    for (const line of holder.querySelectorAll(".ring__left, .bezel__left")) line.setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
    for (const drawn of holder.querySelectorAll(".ring, .bezel")) drawn.classList.toggle("is-short", left < SHORT);
    const caption = holder.querySelector(".ring__text span");
    if (caption) caption.textContent = left < 0 ? words.past : words.leaves;
    const mark = SAY_AT.find((seconds) => left <= seconds && left > seconds - 2);
    if (mark && !announced.has(mark)) {
      announced.add(mark);
      said.textContent = mark === SHORT ? words.minute : words.minutes;
    }
  };

  const tick = () => {
    const main = pager();
    if (!main) return;
    main.querySelectorAll("[data-countdown]").forEach(turn);
    for (const text of main.querySelectorAll("[data-left-until]")) {
      text.textContent = clock(Math.max(0, (Date.parse(text.dataset.leftUntil) - now()) / 1000));
    }
    for (const undo of main.querySelectorAll("[data-gone-at]")) {
      if (Date.parse(undo.dataset.goneAt) <= now()) undo.remove();
    }
    const time = main.querySelector("[data-clock]");
    if (time) time.textContent = clockTime(new Date(now()));
    turnQuiet(main);
    for (const page of main.querySelectorAll("[data-ringing]")) {
      const last = rang.get(page.dataset.ringing + "/" + page.dataset.round) || 0;
      if (Date.now() - last >= RING_AGAIN) ringFor(page);
    }
  };

  // --- the purse: what stays, what is about to be spent

  const minorOf = (text, digits) => {
    const amount = Number.parseFloat(text.replace(",", "."));
    return Number.isFinite(amount) ? Math.round(amount * 10 ** digits) : 0;
  };

  const inWords = (minor, { symbol, digits }) =>
    symbol + (minor / 10 ** digits).toFixed(minor % 10 ** digits ? digits : 0);

  const spend = () => {
    const holder = document.querySelector("[data-purse]");
    if (!holder) return;
    const left = Number(holder.dataset.purse);
    const daily = Number(holder.dataset.daily) || 1;
    const chosen = [...document.querySelectorAll(".give input[data-minor]:checked")];
    const other = document.getElementById("amount");
    const line = holder.querySelector("[data-purse-words]");
    const currency = line.dataset;
    const cost = chosen.reduce((sum, box) => sum + Number(box.dataset.minor), 0)
      + minorOf(other ? other.value : "", currency.digits);
    line.dataset.whole ??= line.textContent;
    const pattern = cost > left ? line.dataset.over : line.dataset.then;
    line.textContent = cost === 0 ? line.dataset.whole : pattern
      .replace("{left}", inWords(left, currency))
      .replace("{then}", inWords(left - cost, currency))
      .replace("{missing}", inWords(cost - left, currency));
    const [stays, goes] = holder.querySelectorAll(".purse__bar i");
    stays.style.setProperty("--left", `${(Math.max(0, left - cost) / daily) * 100}%`);
    goes.style.setProperty("--left", `${(Math.min(cost, left) / daily) * 100}%`);
  };

  // --- beginnings

  document.addEventListener("input", spend);
  for (const touch of ["pointerdown", "keydown"]) {
    document.addEventListener(touch, () => { unlockSound(); stayLit(); }, { passive: true });
  }
  document.addEventListener("pointerdown", () => { touching = true; }, { passive: true });
  for (const over of ["pointerup", "pointercancel"]) document.addEventListener(over, letGo, { passive: true });
  for (const over of ["click", "keyup"]) document.addEventListener(over, wasTapped, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!isVisible()) return;
    stayLit();
    refreshUnlessBusy();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr: answer, requestConfig } = event.detail;
    if (requestConfig.verb === "get" && requestConfig.elt === document.body && isHeld()) {
      event.detail.shouldSwap = false;
      askAgain = touching; // the answer to a form draws the screen anew by itself
      return;
    }
    if (answer.status >= 400 && answer.responseText.includes('id="pager"')) {
      event.detail.shouldSwap = true; // a refusal is drawn by the house, with what was chosen
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", shown);
  document.addEventListener("htmx:beforeRequest", () => { if (mayShake()) navigator.vibrate(0); });
  setInterval(tick, 1000);
  stayLit();
  shown();
  connect();
})();
