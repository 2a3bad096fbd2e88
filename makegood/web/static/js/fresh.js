// Keeps the parts of a staff page as the house has them now, and never takes what is being typed.
"use strict";
(() => {
  const QUIET = 300; // one deed makes several bulletins: one look is enough
  const LOOK_AGAIN = 60000;
  const wires = document.getElementById("wires").dataset;
  const parts = wires.parts.split(" ");
  const KINDS = ["message", "hello", "ring", "stop", "state", "update"];
  let waiting = 0;
  let held = false; // a part could not be renewed while somebody was in it
  let lastLook = Date.now();

  const byId = (id) => document.getElementById(id);

  const changed = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected && one.defaultSelected)
        : field.type !== "hidden" && field.value !== field.defaultValue;

  const isInUse = (part) =>
    part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || part.querySelector("[data-unsaved], .htmx-request, details[open] > form, details[open] > .ask__form")
    || [...part.querySelectorAll("input, textarea, select")].some(changed);

  const renew = (here, there) => {
    const open = [...here.querySelectorAll("details[id][open]")].map((one) => one.id);
    const fresh = document.adoptNode(there);
    for (const one of fresh.querySelectorAll("details[id]")) if (open.includes(one.id)) one.open = true;
    here.replaceWith(fresh);
    htmx.process(fresh);
    document.dispatchEvent(new CustomEvent("fresh", { detail: fresh }));
  };

  const look = async () => {
    waiting = 0;
    lastLook = Date.now();
    try {
      const answer = await fetch(here(), { headers: { "X-Requested-With": "fresh" } });
      if (answer.redirected && new URL(answer.url).pathname !== new URL(here()).pathname) { location.reload(); return; }
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      held = false;
      for (const id of parts) {
        const [old, fresh] = [byId(id), page.getElementById(id)];
        if (!old || !fresh) continue;
        if (isInUse(old)) held = true;
        else if (old.outerHTML !== fresh.outerHTML) renew(old, fresh);
      }
    } catch { /* the next look tries again */ }
  };

  // After a refusal without script the address is that of the deed; the page itself lies above it.
  const here = () => new URL(wires.page || location.href, location.href).href;

  const lookSoon = () => { if (!waiting) waiting = setTimeout(look, QUIET); };

  const connect = () => {
    let lost = false;
    const source = new EventSource(wires.stream);
    source.addEventListener("open", () => { if (lost) { lost = false; lookSoon(); } });
    source.addEventListener("error", () => {
      lost = true;
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    });
    for (const kind of KINDS) source.addEventListener(kind, lookSoon);
  };

  const tick = () => {
    for (const one of document.querySelectorAll("[data-gone-at]")) {
      if (Date.parse(one.dataset.goneAt) <= Date.now() + ahead) one.remove();
    }
    if (Date.now() - lastLook >= LOOK_AGAIN && document.visibilityState === "visible") lookSoon();
  };

  const shown = document.querySelector("[data-now]");
  const ahead = shown ? Date.parse(shown.dataset.now) - Date.now() : 0;

  document.addEventListener("focusout", () => { if (held) lookSoon(); });
  // While a form is on its way its buttons say so; nothing pressed meanwhile is lost without a word.
  const setBusy = (form, busy) => {
    for (const button of form.querySelectorAll("button")) button.disabled = busy;
  };
  document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
    if (target.tagName !== "FORM") return;
    setBusy(target, true);
    detail.requestConfig.triggeringEvent?.submitter?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", ({ target }) => {
    if (target.tagName !== "FORM") return;
    setBusy(target, false);
    for (const one of target.querySelectorAll("[aria-busy]")) one.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status < 400 || !target.id || !xhr.responseText.includes(`id="${target.id}"`)) return;
    event.detail.shouldSwap = true; // a refusal is drawn by the house, with what was typed
    event.detail.isError = false;
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") lookSoon(); });
  setInterval(tick, 1000);
  connect();
})();
