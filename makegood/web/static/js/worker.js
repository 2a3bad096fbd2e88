// Rings while the pager is closed. Every push shows something: one that did not would cost us the
// permission. It reaches no further than /pager/, and never comes between a page and the house.
"use strict";

const ICON = "/static/icons/pager-192.png";
const BADGE = "/static/icons/badge-96.png";
const HOME = "/pager/";
const UNREADABLE = { kind: "ring", tag: "pager", title: "Makegood rings", body: "Open the pager.", url: HOME };

const read = (event) => {
  try {
    return { ...UNREADABLE, ...event.data.json() };
  } catch {
    return UNREADABLE;
  }
};

const post = (url, body) =>
  fetch(url, {
    method: "POST",
    credentials: body ? "same-origin" : "omit",
    headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
    keepalive: true,
  });

const show = async (told) => {
  const { title, body, tag, kind } = told;
  const plain = { body, tag, data: told, icon: ICON, badge: BADGE };
  const loud = {
    ...plain,
    renotify: true,
    requireInteraction: true,
    vibrate: told.severity >= 4 ? [500, 150, 500, 150, 500, 150, 500] : [300, 150, 300, 150, 300],
    actions: (told.actions || []).map(({ action, title }) => ({ action, title })),
  };
  const options = kind === "ring" || kind === "test" ? loud : { ...plain, silent: true };
  try {
    await self.registration.showNotification(title, options);
  } catch {
    await self.registration.showNotification(title, { body, tag, data: told });
  }
  await count();
};

const count = async () => {
  if (!("setAppBadge" in self.navigator)) return;
  const shown = await self.registration.getNotifications();
  const ringing = shown.filter((one) => one.data && one.data.kind === "ring").length;
  await (ringing ? self.navigator.setAppBadge(ringing) : self.navigator.clearAppBadge()).catch(() => {});
};

const answer = async (told, act) => {
  let said = null;
  try {
    const response = await post(act.url);
    if (response.status < 500) said = await response.json();
  } catch { /* no line: said below, as the ring has to come back */ }
  if (said) {
    await show({ ...told, kind: "answered", title: said.title || told.title, body: said.body });
  } else {
    await show({ ...told, body: told.lost || told.body });
  }
};

const open = async (url) => {
  const address = new URL(url || HOME, self.location.origin);
  if (address.origin !== self.location.origin) return self.clients.openWindow(HOME);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const pager = windows.find((one) => /^\/(pager|duty)\//.test(new URL(one.url).pathname));
  if (!pager) return self.clients.openWindow(address.href);
  await pager.focus();
  return pager.navigate(address.href).catch(() => self.clients.openWindow(address.href));
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = read(event);
  const receipt = told.received ? post(told.received).catch(() => {}) : null;
  event.waitUntil(Promise.all([show(told), receipt]));
});

self.addEventListener("notificationclick", (event) => {
  const told = event.notification.data || UNREADABLE;
  const act = (told.actions || []).find((one) => one.action === event.action);
  event.notification.close();
  event.waitUntil(act ? answer(told, act) : open(told.url).then(count, count));
});

self.addEventListener("notificationclose", (event) => event.waitUntil(count()));

self.addEventListener("pushsubscriptionchange", (event) => {
  const renew = async () => {
    const { key } = await (await fetch("/pager/phone/key/", { headers: { Accept: "application/json" } })).json();
    const options = { userVisibleOnly: true, applicationServerKey: key };
    const fresh = event.newSubscription || await self.registration.pushManager.subscribe(options);
    const former = event.oldSubscription ? event.oldSubscription.endpoint : "";
    await post("/pager/phone/subscription/", { subscription: fresh, former });
  };
  event.waitUntil(renew().catch(() => {})); // the pager tries again when it is next opened
});
