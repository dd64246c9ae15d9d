// The cards of the panel: a head that is always seen, and what is inside while a card is open. Above them the line that
// counts, and the choice of which cards are shown.

import { el } from "../making.js";
import { isBare, isRemoved, lookOf, passes } from "./rules.js";
import { flagsOf, labelOf, summaryOf } from "./wording.js";

export class Cards {
  filter = "all";
  #cards = new Map(); // key -> { root, head, body, stamp }
  #count = el("p", { class: "ep-count", role: "status" });
  #list = el("div", { class: "ep-cards" });

  // `panel`: the whole, see ../evidence-panel.js.
  constructor(panel) {
    this.panel = panel;
    this.top = el("div", { class: "ep-top" }, el("h2", {}, panel.words.open_panel), this.#count, this.#filters());
    this.root = this.#list;
  }

  #filters() {
    const { words } = this.panel;
    const group = el("div", { class: "ep-filters", role: "group", "aria-label": words.open_panel });
    const kinds = [["all", words.show_all], ["bare", words.show_bare], ["attention", words.show_attention]];
    for (const [name, label] of kinds) {
      const choose = el("button", { type: "button", "aria-pressed": String(name === "all") }, label);
      choose.addEventListener("click", () => {
        this.filter = name;
        for (const other of group.children) other.setAttribute("aria-pressed", String(other === choose));
        this.redraw();
      });
      group.append(choose);
    }
    return group;
  }

  get(key) { return this.#cards.get(key); }

  // Whether the claim has a card under the filter that is chosen.
  shows(claim) {
    return passes(claim, { filter: this.filter, isOpen: this.#isOpen(claim), findings: this.#findings(claim) });
  }

  #isOpen(claim) { return claim.key === this.panel.current; }
  #findings(claim) { return this.panel.standing.of(claim.key); }

  // Cards for the claims there are now, in their order; one that stays is not made again.
  redraw() {
    const wanted = this.panel.claims.inOrder().filter((claim) => this.shows(claim));
    const keep = new Set(wanted.map((claim) => claim.key));
    for (const [key, card] of this.#cards) {
      if (keep.has(key)) continue;
      card.root.remove();
      this.#cards.delete(key);
    }
    let place = this.#list.firstElementChild;
    for (const claim of wanted) {
      if (!this.#cards.has(claim.key)) this.#make(claim);
      const card = this.get(claim.key);
      if (card.root !== place) this.#list.insertBefore(card.root, place);
      else place = place.nextElementSibling;
      this.refreshHead(claim);
    }
    this.#sayNothing(!wanted.length);
  }

  #sayNothing(isEmpty) {
    const nothing = this.#list.querySelector(".ep-nothing");
    const said = this.filter === "all" ? "" : this.panel.words.nothing_here;
    if (isEmpty && !nothing) this.#list.append(el("p", { class: "ep-nothing" }, said));
    else if (!isEmpty && nothing) nothing.remove();
  }

  #make(claim) {
    const head = el("button", { type: "button", class: "ep-head", "aria-expanded": "false" });
    const body = el("div", { class: "ep-card-body", hidden: true });
    const card = { root: el("section", { class: "ep-card", "data-key": claim.key }, head, body), head, body };
    head.addEventListener("click", () => {
      if (this.#isOpen(claim)) this.panel.shut();
      else this.panel.open(claim.key, { reveal: true });
    });
    this.#cards.set(claim.key, card);
    if (this.#isOpen(claim)) {
      body.hidden = false;
      this.panel.fillCard(claim);
    }
  }

  // The part of a card that is always seen. Written only where it changes: it runs on every key press.
  refreshHead(claim) {
    const card = this.get(claim.key);
    if (!card) return;
    const { words, choices, rows } = this.panel;
    const [isOpen, findings] = [this.#isOpen(claim), this.#findings(claim)];
    const flags = flagsOf(claim, { words, certainty: choices.certainty, findings, isOpen });
    const look = lookOf(claim, findings);
    const stamp = JSON.stringify([claim.text, flags, look, claim.kind, isOpen]);
    if (card.stamp === stamp) return;
    card.stamp = stamp;
    card.root.className = `ep-card is-${look}${isOpen ? " is-current" : ""}`;
    card.head.setAttribute("aria-expanded", String(isOpen));
    card.head.replaceChildren(
      ...(claim.kind === "text" ? [] : [el("span", { class: "ep-kind" }, labelOf(choices.kind, claim.kind))]),
      el("span", { class: "ep-words", dir: "auto" }, claim.text),
      ...flags.map((flag, place) => el("span", { class: place === 0 ? "ep-state" : "ep-flag" }, flag)),
    );
    if (claim.isRow) rows.show(claim);
  }

  refreshHeads() {
    for (const claim of this.panel.claims.inOrder()) this.refreshHead(claim);
  }

  // `removed`: how many claims lost their marker or row. Returns what is said, whether anything is, and what is bare.
  summarise(removed) {
    const claims = this.panel.claims.inOrder();
    const shown = claims.filter((claim) => !claim.isDeleted && !isRemoved(claim) && !claim.rowGoes);
    const bare = shown.filter(isBare).length;
    const text = summaryOf({ shown: shown.length, bare, removed }, this.panel.words);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    return { text, shown: shown.length, bare };
  }
}
