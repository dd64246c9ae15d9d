"use strict";

// Smoother, not more: without this file every button on the page does the same.

// What takes a while says so; the browser goes on by itself.
document.addEventListener("submit", (event) => {
  const isLong = event.target.matches("[data-long-act]") || event.submitter?.matches("[data-long-act]");
  const sign = isLong && event.target.querySelector(".import-progress");
  if (sign) sign.hidden = false;
});
// Somebody who comes back with the browser's button finds the page as they left it, but nothing is running.
window.addEventListener("pageshow", () => {
  document.querySelectorAll(".import-progress").forEach((sign) => { sign.hidden = true; });
});

const form = document.getElementById("import-review");

if (form) {
  const wide = window.matchMedia("(min-width: 64rem)");
  let here = null;

  // Both sides of the line somebody is at.
  function show(lines, from) {
    if (here === lines) return;
    here = lines;
    const wanted = lines.split(" ");
    form.querySelectorAll("[data-lines]").forEach((element) => {
      const isHere = element.dataset.lines.split(" ").some((line) => wanted.includes(line));
      element.classList.toggle("is-here", isHere);
      // Only where the panes scroll by themselves: on a phone the page would jump away from the finger.
      if (isHere && wide.matches && element.closest(".import-pane") !== from) reveal(element);
    });
  }

  function reveal(element) {
    const pane = element.closest(".import-pane");
    const middle = element.offsetTop - (pane.clientHeight - element.offsetHeight) / 2;
    const isSeen = element.offsetTop >= pane.scrollTop
      && element.offsetTop + element.offsetHeight <= pane.scrollTop + pane.clientHeight;
    if (!isSeen) pane.scrollTop = middle;
  }

  for (const kind of ["focusin", "click"]) {
    form.addEventListener(kind, (event) => {
      const place = event.target.closest("[data-lines]");
      if (place) show(place.dataset.lines, place.closest(".import-pane"));
    });
  }
  form.addEventListener("change", (event) => {
    if (event.target.matches("select[name^='line-'], select[name^='look-'], input[name='claim']")) keep();
  });

  // A choice is kept at once, one request after the other: each is made on what the one before led to.
  let isKeeping = false;
  let isOverdue = false;

  async function keep() {
    if (isKeeping) {
      isOverdue = true;
      return;
    }
    isKeeping = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.href, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Signed out, or the import was finished elsewhere: the answer is another page.
      if (!page.getElementById("import-review")) throw new Error("another page");
      if (!isOverdue) take(page);
    } catch {
      document.getElementById("import-account").textContent = form.dataset.failed;
    }
    isKeeping = false;
    form.removeAttribute("aria-busy");
    if (isOverdue) {
      isOverdue = false;
      keep();
    }
  }

  // The new result, with the person's place, focus and open parts kept.
  function take(page) {
    const focused = document.activeElement?.id;
    for (const id of ["import-account", "import-points", "import-claims", "import-became"]) {
      const old = document.getElementById(id);
      const fresh = page.getElementById(id);
      if (old.innerHTML === fresh.innerHTML) continue;
      const place = old.scrollTop;
      const open = [...old.querySelectorAll("details")].map((details) => details.open);
      old.replaceChildren(...fresh.childNodes);
      old.querySelectorAll("details").forEach((details, number) => { details.open = Boolean(open[number]); });
      old.scrollTop = place;
    }
    form.querySelectorAll(".import-lines > li").forEach((old) => {
      const fresh = page.getElementById(old.id);
      const select = old.querySelector("select");
      const choice = fresh.querySelector("select");
      if (old.className.replace("is-here", "").trim() !== fresh.className.trim()) old.className = fresh.className;
      if (select.name === choice.name && select.innerHTML === choice.innerHTML) return;
      select.name = choice.name;
      // As text, because a select that loses its options one by one chooses another, and that choice would come along.
      select.innerHTML = choice.innerHTML;
    });
    const lines = here;
    here = null;
    if (lines) show(lines, null);
    if (focused && document.activeElement?.id !== focused) {
      (document.getElementById(focused) || document.getElementById("points")).focus({ preventScroll: true });
    }
  }
}
