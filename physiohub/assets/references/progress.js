// Long work in parts: sends the “Go on” form again and again, so that nobody has to press it. Without this script the
// button does the same. Only the figures change while it runs, so that focus and reading place stay where they are.

const region = document.querySelector("[data-progress]");
const RETRY = 5000; // milliseconds
const PAUSE = 150;

async function goOn() {
  const form = region.querySelector("form[data-go-on]");
  if (!form) return;
  const broken = region.querySelector("[data-broken]");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
    if (!answer.ok || !next) throw new Error(String(answer.status));
    if (broken) broken.hidden = true;
    if (next.querySelector("form[data-go-on]")) {
      region.querySelector("[data-figures]").replaceWith(next.querySelector("[data-figures]"));
      setTimeout(goOn, PAUSE);
    } else {
      region.replaceChildren(...next.childNodes);
    }
  } catch {
    if (broken) broken.hidden = false;
    setTimeout(goOn, RETRY);
  }
}

if (region) goOn();
