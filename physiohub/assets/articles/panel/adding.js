// The field of an open card where a source is added: letters search the library, an identifier or a pasted reference is
// looked up. A combobox as the ARIA practices describe it: the keyboard stays in the field.

import { el, newUid } from "../making.js";
import { aNewLink } from "./claims.js";
import { addByHand } from "./adding-by-hand.js";
import { drawLinks } from "./links.js";
import { Question } from "./question.js";
import { isLinkedTo, looksLikeAnAddress } from "./rules.js";
import { fill } from "./wording.js";

const PAUSE = 180; // ms after the last letter
const FEWEST_LETTERS = 2;

export const addPart = (panel, claim) => new Adding(panel, claim).root;

// Links a source to a claim, unless it is linked already.
export function linkTo(panel, claim, reference) {
  if (isLinkedTo(claim, reference.uid)) {
    panel.say(fill(panel.words.already, { source: reference.short }));
    return;
  }
  claim.links.push(aNewLink(newUid(), reference.uid));
  panel.touch(claim);
  const place = panel.cards.get(claim.key)?.body.querySelector(".ep-links");
  if (place) drawLinks(panel, claim, place);
}

class Adding {
  #shown = []; // the sources in the list
  #active = -1; // the one Enter takes
  #searched = ""; // what the list is an answer to
  #pasted = null; // { text, shown }: several lines, as they were before the field made them one
  #later = null;

  constructor(panel, claim) {
    Object.assign(this, { panel, claim, id: `add-${claim.key}` });
    const { words } = panel;
    this.input = el("input", {
      type: "text", id: this.id, role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": `${this.id}-list`, "aria-describedby": `${this.id}-hint`,
    });
    this.found = el("div", {
      class: "ep-options", role: "listbox", id: `${this.id}-list`, "aria-label": words.add, hidden: true,
    });
    this.status = el("p", { class: "ep-status", role: "status" });
    this.question = new Question(words, (text) => this.#tell(text));
    this.#listen();
    this.root = el("div", { class: "ep-add" },
      el("label", { for: this.id }, words.add), this.input, this.found,
      el("p", { class: "ep-help", id: `${this.id}-hint` }, words.add_hint), this.status);
  }

  get #text() { return this.input.value.trim(); }

  #tell(text, ...more) { this.status.replaceChildren(text, ...more); }

  #hide() {
    this.found.hidden = true;
    this.#shown = [];
    this.#active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  // `isSure`: the first may be taken by Enter.
  #show(references, isSure) {
    this.#shown = references;
    references.forEach((reference) => this.panel.references.set(reference.uid, reference));
    this.#active = references.length && isSure ? 0 : -1;
    this.found.replaceChildren(...references.map((reference, place) => this.#option(reference, place)));
    this.found.hidden = !references.length;
    this.input.setAttribute("aria-expanded", String(references.length > 0));
    this.#point();
  }

  #option(reference, place) {
    const option = el("div", { role: "option", id: `${this.id}-${place}` },
      el("strong", {}, reference.short),
      reference.design_label ? el("span", { class: "ep-design" }, reference.design_label) : "",
      reference.counts_as_evidence ? "" : el("span", { class: "ep-finding" }, reference.integrity_label),
      el("span", { class: "ep-title", dir: "auto" }, reference.title || reference.text));
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#link(reference);
    });
    return option;
  }

  // Shows which one is active.
  #point() {
    [...this.found.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.#active));
    });
    if (this.#active < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.#active}`);
    this.found.children[this.#active].scrollIntoView({ block: "nearest" });
  }

  #move(by) {
    this.#active = Math.max(0, Math.min(this.#active + by, this.#shown.length - 1));
    this.#point();
  }

  async #search() {
    const text = this.#text;
    if (text.length < FEWEST_LETTERS || looksLikeAnAddress(this.input.value)) {
      this.#hide();
      this.#tell("");
      return;
    }
    const answer = await this.question.ask(`${this.panel.addresses.find}?q=${encodeURIComponent(text)}`);
    if (!answer || this.#text !== text) return;
    this.#searched = text;
    this.#show(answer.references, true);
    this.#tell(answer.references.length ? "" : this.panel.words.no_match);
  }

  async #lookUp() {
    // A list pasted into a field of one line has lost its line ends there, so it is sent as it was pasted.
    const text = this.#pasted && this.#pasted.shown === this.input.value ? this.#pasted.text : this.#text;
    if (!text) return;
    const { addresses, form, words } = this.panel;
    this.#hide();
    this.#tell(words.looking_up);
    this.input.setAttribute("aria-busy", "true");
    const csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    const body = new URLSearchParams({ text, csrfmiddlewaretoken });
    const answer = await this.question.ask(addresses.find, { method: "POST", body });
    this.input.removeAttribute("aria-busy");
    if (!answer) return;
    if (["known", "created"].includes(answer.status) && answer.references.length === 1) {
      this.#link(answer.references[0], answer.message);
      return;
    }
    this.#show(answer.references, false);
    this.#tell(answer.message || "", ...this.#wayByHand(answer.add_url));
  }

  #wayByHand(address) {
    if (!address) return [];
    const add = el("button", { type: "button" }, this.panel.words.add_by_hand);
    add.addEventListener("click", () => addByHand(this.claim, address));
    return [" ", add];
  }

  #link(reference, message = "") {
    this.panel.references.set(reference.uid, reference);
    this.#hide();
    this.input.value = "";
    linkTo(this.panel, this.claim, reference);
    const linked = fill(this.panel.words.linked, { source: reference.short });
    this.#tell([linked, message].filter(Boolean).join(" "));
    this.input.focus();
  }

  // Enter before the list has come searches now, and takes what it finds only where there is no choice.
  async #enter() {
    if (this.#active >= 0) {
      this.#link(this.#shown[this.#active]);
      return;
    }
    const text = this.#text;
    if (text.length < FEWEST_LETTERS) return;
    if (!looksLikeAnAddress(this.input.value) && this.#searched !== text) {
      this.#tell(this.panel.words.searching);
      await this.#search();
      const { length } = this.#shown;
      if (length === 1) this.#link(this.#shown[0]);
      if (length || this.#searched !== text) return;
    }
    this.#lookUp();
  }

  #escape() {
    const { panel, claim, input } = this;
    if (input.getAttribute("aria-busy")) this.question.stop();
    else if (!this.found.hidden) this.#hide();
    else if (input.value) input.value = "";
    else {
      panel.sheet(false);
      if (claim.isMarked) panel.editor.reveal(claim.key);
      else panel.rows.focusButton(claim.key);
    }
  }

  #listen() {
    const { input, found } = this;
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (/\n/.test(text.trim())) setTimeout(() => { this.#pasted = { text, shown: input.value }; });
    });
    input.addEventListener("input", () => {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => this.#search(), PAUSE);
    });
    input.addEventListener("keydown", (event) => this.#press(event));
    input.addEventListener("blur", () => setTimeout(() => {
      if (!found.contains(document.activeElement)) found.hidden = true;
    }, 150));
  }

  #press(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault(); // or the whole form would be sent
      clearTimeout(this.#later);
      this.#enter();
    } else if (event.key === "ArrowDown" && this.#shown.length) {
      event.preventDefault();
      this.#move(1);
    } else if (event.key === "ArrowUp" && this.#shown.length) {
      event.preventDefault();
      this.#move(-1);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.#escape();
    }
  }
}
