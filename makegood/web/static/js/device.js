// A passkey that was not given, or refused by the device: said on the page instead of nowhere.
"use strict";
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-device]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});
