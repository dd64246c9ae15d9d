// A citation number is a plain link to the list of sources, and a word that is explained one to what it means. Where
// the browser knows popovers, a plain click opens that in place instead, so that nobody loses their line; every other
// click keeps its meaning.

const template = document.getElementById("card-template");

// A link of the table of contents takes the keyboard and the screen reader along.
document.querySelector(".toc")?.addEventListener("click", (event) => {
  const heading = event.target.closest("a") && document.getElementById(event.target.closest("a").hash.slice(1));
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
});

// The button passes the page on to another program where the browser can do that, or else copies its address. Without
// scripts, or where the browser does neither, it is not there.
const copying = document.querySelector("[data-copy]");
if (copying && (navigator.share || navigator.clipboard)) {
  const button = copying.querySelector("button");
  if (navigator.share) button.textContent = button.dataset.share;
  button.addEventListener("click", async () => {
    const says = copying.querySelector("[role=status]");
    const address = document.querySelector("link[rel=canonical]").href;
    if (navigator.share) {
      const title = document.querySelector("h1").textContent.trim();
      const failed = await navigator.share({ title, url: address }).then(() => "", (error) => error.name);
      if (!failed || failed === "AbortError") return; // passed on, or the reader thought better of it
    }
    const wasCopied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    says.textContent = wasCopied ? says.dataset.copied : address; // to be copied by hand
  });
  copying.classList.add("ready");
}

if (template && "popover" in HTMLElement.prototype) {
  const main = document.getElementById("main");
  const card = template.content.firstElementChild.cloneNode(true);
  const title = card.querySelector("h2");
  const reference = title.textContent;
  const leads = 'a[role="doc-noteref"], a[role="doc-glossref"]';
  const marks = main.querySelectorAll(leads);
  let mark = null;

  template.replaceWith(card);
  marks.forEach((link) => link.setAttribute("aria-expanded", "false"));

  // The entry as it stands in the list, but of its uses only those of this mark, and without the ways back.
  function fill(link) {
    const copy = document.getElementById(link.hash.slice(1)).cloneNode(true);
    copy.querySelectorAll(".back, summary").forEach((part) => part.remove());
    copy.querySelectorAll("details").forEach((folded) => folded.replaceWith(...folded.childNodes));
    copy.querySelectorAll("[data-for]").forEach((use) => {
      if (!use.dataset.for.split(" ").includes(link.id)) use.remove();
    });
    copy.querySelectorAll(".uses:not(:has(li))").forEach((uses) => uses.remove());
    const role = link.getAttribute("role");
    card.querySelectorAll("[data-of]").forEach((part) => (part.hidden = part.dataset.of !== role));
    title.textContent = copy.querySelector("dt")?.textContent ?? `${reference} ${link.hash.slice(2)}`;
    card.querySelector("[data-entry]").replaceChildren(...(copy.querySelector("dd") ?? copy).childNodes);
    card.querySelectorAll("[data-all]").forEach((all) => (all.hash = link.hash));
  }

  function open(link) {
    mark?.classList.remove("open");
    mark = link;
    fill(link);
    link.classList.add("open"); // what the card is placed beside
    card.showPopover({ source: link }); // and where Tab goes on when it is closed
    card.scrollTop = 0;
    title.focus({ preventScroll: true });
    // The card lies at the foot of a telephone: what it is about stays in sight above it.
    const [above, below] = [link.getBoundingClientRect(), card.getBoundingClientRect()];
    if (above.bottom > below.top && above.top < below.bottom) scrollBy(0, above.bottom - below.top + 8);
  }

  // A press on the open card's own mark closes the card before the click arrives; it must not open it again.
  let closing = null;
  main.addEventListener("pointerdown", (event) => {
    closing = card.matches(":popover-open") ? event.target.closest("a") : null;
  });

  main.addEventListener("click", (event) => {
    const link = event.target.closest(leads);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    if (link === mark && (link === closing || card.matches(":popover-open"))) card.hidePopover();
    else open(link);
    closing = null;
  });

  card.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    marks.forEach((link) => link.setAttribute("aria-expanded", String(isOpen && link === mark)));
    if (!isOpen && !card.matches(":popover-open")) mark?.classList.remove("open");
  });

  card.querySelector("button").addEventListener("click", () => {
    card.hidePopover();
    mark.focus();
  });

  card.querySelectorAll("[data-all]").forEach((all) => {
    all.addEventListener("click", () => {
      const entry = document.getElementById(all.hash.slice(1));
      card.hidePopover();
      entry.tabIndex = -1;
      entry.focus();
    });
  });
}
