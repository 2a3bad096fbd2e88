// Keeps this phone's subscription true: at every open the house hears where it can be pushed.
// On the install screen, two buttons turn it on and off.
"use strict";
(() => {
  const { pushKey, pushDoor, pushRemove, pushWorker } = document.currentScript.dataset;
  const screen = document.querySelector("[data-install]");
  const REMEMBERED = "pushed";

  class Refused extends Error {} // by the house, in words

  const say = (state, why = "") => {
    if (!screen) return;
    screen.querySelector("[data-why]").textContent = why;
    for (const part of screen.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
  };

  const sayWhy = (error) => (error instanceof Refused ? say("refused", error.message) : say("failed"));

  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    say("impossible");
    return;
  }

  const isRemembered = () => {
    try { return localStorage.getItem(REMEMBERED) === "yes"; } catch { return false; }
  };

  const remember = (yes) => {
    try { localStorage.setItem(REMEMBERED, yes ? "yes" : "no"); } catch { /* private window */ }
  };

  const tell = (door, body) => fetch(door, {
    method: "POST",
    credentials: "same-origin",
    redirect: "error", // the house answers itself; whoever leads elsewhere has not heard us
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });

  // What the house said against it: a code and words; nothing if it agreed.
  const refusal = async (answer) => {
    if (answer.ok) return null;
    if (answer.status >= 500) throw new Error(answer.status);
    return answer.json();
  };

  const active = (registration) => new Promise((resolve) => {
    if (registration.active) { resolve(registration); return; }
    const coming = registration.installing || registration.waiting;
    coming.addEventListener("statechange", () => { if (coming.state === "activated") resolve(registration); });
  });

  const ready = navigator.serviceWorker.register(pushWorker, { scope: "/pager/" }).then(active);

  const keyOf = (subscription) => {
    const raw = subscription.options && subscription.options.applicationServerKey;
    if (!raw) return pushKey; // a browser that does not say: believe it
    const text = btoa(String.fromCharCode(...new Uint8Array(raw)));
    return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const subscribe = (registration) =>
    registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey });

  const sync = async (asked) => {
    const registration = await ready;
    if (Notification.permission === "denied") return "denied";
    if (Notification.permission !== "granted") return "off";
    let subscription = await registration.pushManager.getSubscription();
    let former = "";
    if (subscription && keyOf(subscription) !== pushKey) {
      former = subscription.endpoint;
      await subscription.unsubscribe();
      subscription = null;
    }
    if (!subscription && !asked && !former && !isRemembered()) return "off";
    subscription ||= await subscribe(registration);
    return report(registration, subscription, { asked, former });
  };

  const report = async (registration, subscription, { asked, former }) => {
    let refused = await refusal(await tell(pushDoor, { subscription, asked, former }));
    if (refused && refused.code === "gone") {
      await subscription.unsubscribe();
      const fresh = await subscribe(registration);
      refused = await refusal(await tell(pushDoor, { subscription: fresh, asked, former: subscription.endpoint }));
    }
    if (refused && refused.code === "put_away") {
      await subscription.unsubscribe();
      remember(false);
      return "off";
    }
    if (refused) throw new Refused(refused.message);
    remember(true);
    return "on";
  };

  const turnOff = async () => {
    const registration = await ready;
    const subscription = await registration.pushManager.getSubscription();
    if (subscription) {
      await tell(pushRemove, { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    remember(false);
    return "off";
  };

  // What was answered or is over need not lie on the lock screen once the pager is open.
  const tidy = async () => {
    if (document.visibilityState !== "visible") return;
    const registration = await ready;
    const shown = await registration.getNotifications();
    const ringing = shown.filter((one) => one.data && one.data.kind === "ring");
    for (const one of shown) if (!ringing.includes(one)) one.close();
    if (!("setAppBadge" in navigator)) return;
    await (ringing.length ? navigator.setAppBadge(ringing.length) : navigator.clearAppBadge()).catch(() => {});
  };

  const act = (doing) => {
    say("working");
    doing().then(say, sayWhy);
  };

  if (screen) {
    screen.addEventListener("click", (event) => {
      const button = event.target.closest("[data-turn]");
      if (!button) return;
      if (button.dataset.turn === "off") { act(turnOff); return; }
      act(async () => {
        await Notification.requestPermission();
        return sync(true);
      });
    });
  }
  document.addEventListener("visibilitychange", () => { tidy().catch(() => {}); });
  sync(false).then(say, sayWhy);
  tidy().catch(() => {});
})();
