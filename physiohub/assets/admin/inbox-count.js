// How many lines of the inbox are unread, beside its link in the header of every page. Asked for after the page is
// there, and again when one comes back to its tab: no page of the admin waits for it or costs a query more.
"use strict";

(() => {
  const link = document.getElementById("inbox-link");
  if (!link) return;
  const shown = link.querySelector(".inbox-count");

  async function ask() {
    try {
      const answer = await fetch(link.dataset.count, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!answer.ok) return;
      const { unread } = await answer.json();
      shown.textContent = unread ? ` (${unread > 99 ? "99+" : unread})` : "";
      link.classList.toggle("has-unread", unread > 0);
    } catch {
      // Signed out, or no connection. The link still leads to the inbox.
    }
  }

  ask();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
})();
