// Whoever signs out is not rung on this browser any more: it unsubscribes, and the house hears which.
"use strict";
(() => {
  const PATIENCE = 3000;
  if (!("serviceWorker" in navigator)) return;

  const forget = async (form) => {
    const registration = await navigator.serviceWorker.getRegistration("/pager/");
    const subscription = registration && await registration.pushManager.getSubscription();
    if (!subscription) return;
    form.elements.endpoint.value = subscription.endpoint;
    try { localStorage.setItem("pushed", "no"); } catch { /* private window */ }
    await subscription.unsubscribe();
  };

  for (const form of document.querySelectorAll("form[data-leaves]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const enough = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
      await Promise.race([forget(form).catch(() => {}), enough]);
      form.submit();
    });
  }
})();
