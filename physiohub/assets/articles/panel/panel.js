// The whole of the panel: it keeps claims, text, rows and cards in step, and knows which card is open. Its parts are
// given it and call it; none of them loads this module.

import { Standing } from "../standing.js";
import { el } from "../making.js";
import { fillBody } from "./card.js";
import { Cards } from "./cards.js";
import { Claims } from "./claims.js";
import { Rows } from "./rows.js";
import { isRemoved, lookInText } from "./rules.js";

const BESIDE_THE_TEXT = "(min-width: 1101px)"; // on narrower screens the panel covers it
const PAUSE = 120; // ms after the last change of the text or a row

export class Panel {
  current = null; // the key of the claim whose card is open
  editor = null; // its adapter, once it is there
  isBegun = false; // what happens before is no change of the author's
  #lastRemoved = new Set();
  #late = null;

  constructor(root, given) {
    const { words, choices, limits, addresses } = given;
    Object.assign(this, { root, words, choices, limits, addresses });
    this.form = root.closest("form");
    this.field = document.getElementById(root.dataset.field);
    this.references = new Map(Object.entries(given.references));
    this.claims = new Claims(given.claims);
    this.claims.overlay(this.field.value);
    this.rows = new Rows({
      form: this.form, claims: this.claims, words, open: (key) => this.open(key, { focus: true }),
    });
    this.cards = new Cards(this);
    this.#build();
  }

  #build() {
    const { words } = this;
    const standing = el("div", { class: "ep-standing" });
    const closing = el("button", { type: "button", class: "ep-close" }, words.close_panel);
    this.bar = el("button", { type: "button", class: "ep-bar", "aria-expanded": "false", "aria-controls": "ep-body" });
    this.said = el("p", { class: "ep-said visually-hidden", role: "status" });
    const body = el("div", { class: "ep-body", id: "ep-body" }, this.cards.top, standing, this.cards.root, closing);
    this.root.querySelector("[data-panel]").append(this.bar, body, this.said);
    this.bar.addEventListener("click", () => this.sheet(!this.root.classList.contains("is-open")));
    closing.addEventListener("click", () => {
      this.sheet(false);
      this.bar.focus();
    });
    this.standing = new Standing({
      form: this.form, words, root: standing, address: this.addresses.standing,
      collect: () => this.editor?.flush(),
      go: (key) => this.open(key, { focus: true, reveal: true }),
      arrived: () => this.#arrived(),
    });
  }

  // On a small screen the panel is a sheet over the form.
  sheet(isOpen) {
    this.root.classList.toggle("is-open", isOpen);
    this.bar.setAttribute("aria-expanded", String(isOpen));
  }

  say(text) {
    this.said.textContent = "";
    requestAnimationFrame(() => { this.said.textContent = text; });
  }

  // --- what is sent ------------------------------------------------------------------------------------------------
  write() {
    const json = this.claims.asJson();
    if (this.field.value === json) return;
    this.field.value = json;
    if (this.isBegun) this.changed(); // what the page came with is written in our own way first: that is no change
  }

  changed() {
    this.form.dispatchEvent(new CustomEvent("physiohub:change"));
    this.standing.later();
  }

  // A claim was changed in its card.
  touch(claim) {
    claim.touched = true;
    this.standing.forget(claim.key);
    const findings = this.cards.get(claim.key)?.body.querySelectorAll(":scope > .ep-finding, :scope > .ep-hint");
    findings?.forEach((finding) => finding.remove());
    this.write();
    this.refresh(claim);
  }

  // --- in step with the text and the rows ----------------------------------------------------------------------------
  syncSoon() {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.sync(), PAUSE);
  }

  sync() {
    const { claims, cards, current } = this;
    const before = claims.order;
    const marked = this.#readText();
    const rows = this.rows.read();
    const removed = claims.all().filter((claim) => !claim.isDeleted && isRemoved(claim)).map((claim) => claim.key);
    claims.order = [...marked, ...rows, ...removed];
    const open = current && claims.get(current);
    if (open && open.shownRemoved !== undefined && open.shownRemoved !== isRemoved(open)) this.refill(open);
    const lost = removed.filter((key) => before.includes(key) && !this.#lastRemoved.has(key));
    if (this.isBegun && lost.length) this.say(`${this.words.removed}: ${claims.of(lost[0]).text}`);
    this.#lastRemoved = new Set(removed);
    this.write();
    if (claims.order.join() !== before.join()) cards.redraw();
    else cards.refreshHeads();
    this.#summary();
    this.#paint();
  }

  // Brings every claim up to what the text says; the keys of those that are marked there, in its order.
  #readText() {
    const { claims } = this;
    for (const claim of claims.all()) claim.isMarked = claim.isRow = false;
    const marked = this.editor ? this.editor.list() : [];
    for (const { key, text } of marked) {
      const claim = claims.of(key);
      claim.isMarked = claim.wasMarked = true; // once in this window: then undo can bring it back
      claim.text = text;
      claim.isDeleted = false; // undo in the text brings the claim back, and its evidence with it
    }
    return marked.map((claim) => claim.key);
  }

  // The claims' looks in the text.
  #paint() {
    if (!this.editor) return;
    const marked = this.claims.inOrder().filter((claim) => claim.isMarked);
    const looks = marked.map((claim) => ({ key: claim.key, look: lookInText(claim) }));
    if (this.claims.get(this.current)?.isMarked) looks.push({ key: this.current, look: "current" });
    this.editor.decorate(looks);
  }

  #summary() {
    const { bar, words } = this;
    const { text, shown, bare } = this.cards.summarise(this.#lastRemoved.size);
    bar.textContent = shown ? `${words.open_panel}: ${text}` : words.open_panel;
    bar.classList.toggle("is-bare", bare > 0);
  }

  refresh(claim) {
    this.cards.refreshHead(claim);
    this.#summary();
    this.#paint();
  }

  // --- one card open -------------------------------------------------------------------------------------------------
  open(key, { focus = false, reveal = false, isTouched = false } = {}) {
    const { claims, cards } = this;
    const claim = claims.of(key);
    claim.isTouched = isTouched; // a selection touches it: another claim needs other words
    const before = this.current;
    this.current = key;
    if (before && before !== key) this.#close(before);
    if (!claims.order.includes(key)) this.sync();
    if (!cards.shows(claim) || !cards.get(key)) cards.redraw();
    const card = cards.get(key);
    if (!card) return;
    card.body.hidden = false;
    this.fillCard(claim);
    this.refresh(claim);
    if (focus) this.sheet(true);
    if (reveal && claim.isMarked && matchMedia(BESIDE_THE_TEXT).matches) this.editor?.reveal(key);
    card.root.scrollIntoView({ block: "nearest" });
    if (focus) (card.root.querySelector(".ep-add input") || card.head).focus();
  }

  #close(key) {
    const card = this.cards.get(key);
    if (!card) return;
    card.body.hidden = true;
    card.body.replaceChildren();
    const claim = this.claims.of(key);
    if (this.cards.shows(claim)) this.cards.refreshHead(claim);
    else this.cards.redraw();
  }

  shut() {
    const before = this.current;
    this.current = null;
    if (before) this.#close(before);
    this.#paint();
  }

  fillCard(claim) { fillBody(this, claim, this.cards.get(claim.key).body); }

  // Again, where it is the open one.
  refill(claim) {
    if (claim.key === this.current && this.cards.get(claim.key)) this.fillCard(claim);
  }

  unmark(key) {
    this.editor.unmark(key);
    this.editor.focus();
  }

  // What the publishing gate says has come.
  #arrived() {
    this.cards.refreshHeads();
    if (this.cards.filter !== "all") this.cards.redraw();
    // Not while somebody types in the card: it would take the words from under them.
    if (this.current && !this.cards.get(this.current)?.body.contains(document.activeElement)) {
      this.refill(this.claims.of(this.current));
    }
  }
}
