/* Nothing typed into an article's form is lost: it is kept every few seconds while it changes, a save waits while
   nobody is logged in, and leaving asks first. It knows nothing of the editor: before the form is read it sends
   "physiohub:collect", and an editor then writes its content into the fields; an editor says "physiohub:change" when
   that changes and "physiohub:save" when somebody asks there to save by the keyboard. */
(() => {
  "use strict";
  const about = document.getElementById("unsaved-work");
  const form = about && about.closest("form");
  if (!form) return;

  const EVERY = 3000;
  const BEACON_LIMIT = 60000; // browsers let a page that goes away send 64 kB
  const say = about.dataset;
  const mark = form.querySelector(".autosave-mark");
  const notice = form.querySelector(".logged-out");
  let user = say.user;
  let changes = 0;
  let kept = 0;
  let isUnsaved = "isUnsaved" in say;
  let isLeaving = false;
  let isChecking = false;
  let failures = 0;
  let sending = null;

  const tokens = () => document.querySelectorAll('input[name="csrfmiddlewaretoken"]');

  function changed() {
    changes += 1;
    isUnsaved = true;
  }

  function tell(text, canLogIn) {
    notice.querySelector(".logged-out-told").textContent = text;
    notice.querySelector("a").hidden = !canLogIn;
    notice.hidden = !text;
    if (text) notice.scrollIntoView({ block: "nearest" });
  }

  function collected() {
    form.dispatchEvent(new CustomEvent("physiohub:collect"));
    const isTyped = ([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "buffer_key" && !name.startsWith("_");
    return JSON.stringify({
      key: form.elements.buffer_key.value,
      article: say.article ? Number(say.article) : null,
      form: [...new FormData(form)].filter(isTyped),
    });
  }

  /* The site refuses so much, and what was typed would be gone with this page. */
  function isTooMuch() {
    const fields = [...new FormData(form)];
    const rows = fields.reduce((sum, [name, value]) => sum + (name.endsWith("-TOTAL_FORMS") ? Number(value) : 0), 0);
    const bytes = new Blob([collected()]).size;
    return fields.length > Number(say.mostFields) || rows > Number(say.mostRows) || bytes > Number(say.mostBytes);
  }

  /* Who is logged in: {user, name}, with every token on the page made good; null where the site does not answer. */
  async function whoIsIn() {
    const answer = await fetch(say.alive, { cache: "no-store", redirect: "manual" });
    if (!answer.ok) return null;
    const found = await answer.json();
    tokens().forEach((field) => { field.value = found.token; });
    return found;
  }

  async function keep(isGoing) {
    if (changes === kept || isLeaving || (sending && !isGoing)) return;
    const upTo = changes;
    const body = collected();
    const stop = new AbortController();
    sending = stop;
    try {
      const answer = await fetch(say.keep, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", "X-CSRFToken": tokens()[0].value },
        redirect: "manual",
        keepalive: Boolean(isGoing) && body.length < BEACON_LIMIT,
        signal: stop.signal,
      });
      if (answer.ok) {
        kept = upTo;
        mark.textContent = say.kept.replace("%s", (await answer.json()).at);
        tell("");
      } else if (answer.status === 413) {
        kept = upTo;
        mark.textContent = say.tooLarge;
      } else if (answer.status === 403 || answer.type === "opaqueredirect") {
        const found = await whoIsIn(); // a new log-in has a new token: the next round uses it
        if (found && !found.user) tell(say.loggedOut, true);
      } else {
        if (answer.status < 500) kept = upTo; // asking again would get the same answer
        mark.textContent = say.notKept;
      }
    } catch (problem) {
      if (problem.name !== "AbortError") mark.textContent = say.notKept;
    } finally {
      if (sending === stop) sending = null;
    }
  }

  /* A save leaves only once somebody is known to be logged in; until then everything stays where it is. */
  async function check(submitter) {
    isChecking = true;
    try {
      const found = await whoIsIn();
      if (!found && failures === 0) {
        failures += 1;
        tell(say.unreachable, false);
        return;
      }
      if (found && !found.user) {
        tell(say.loggedOut, true);
        return;
      }
      if (found && found.user !== user) {
        user = found.user;
        tell(say.otherUser.replace("%s", found.name), false);
        return;
      }
    } catch {
      tell(say.unreachable, false);
      return;
    } finally {
      isChecking = false;
    }
    isLeaving = true;
    if (sending) sending.abort();
    form.requestSubmit(submitter);
  }

  form.addEventListener("submit", (event) => {
    if (isLeaving) return;
    event.preventDefault();
    if (isTooMuch()) tell(say.tooLarge, false);
    else if (!isChecking) check(event.submitter);
  });
  const save = () => {
    const button = form.querySelector('[name="_continue"]') || form.querySelector('[name="_save"]');
    if (button) button.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    save();
  });
  form.addEventListener("physiohub:save", save);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("physiohub:change", changed);
  document.addEventListener("formset:added", changed);
  document.addEventListener("formset:removed", changed);
  // Django's pickers tell of a choice through jQuery alone, and its scripts do so for every picker when the page opens.
  if (window.django && window.django.jQuery) {
    const chosen = new Map([...form.querySelectorAll("select")].map((field) => [field, field.value]));
    window.django.jQuery(form).on("change", "select", ({ target }) => {
      if (chosen.get(target) === target.value) return;
      chosen.set(target, target.value);
      changed();
    });
  }

  form.querySelectorAll("[data-leaves]").forEach((link) => {
    link.addEventListener("click", () => { isLeaving = true; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isUnsaved || isLeaving) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(true); });
  window.addEventListener("pagehide", () => keep(true));
  window.setInterval(() => keep(false), EVERY);
})();
