// The citations of a claim in its open card: what each source shows, and where in the source to find it.

import { el, options } from "../making.js";
import { fill } from "./wording.js";

const UNKNOWN = { short: "?", text: "", counts_as_evidence: true };
const NEARLY_FULL = 0.8;

// `place`: the element they stand in. Those that were taken away can be put back until the page is left.
export function drawLinks(panel, claim, place) {
  const { words, references } = panel;
  const undo = claim.gone.map((link) => {
    const back = el("button", { type: "button" }, words.put_back);
    back.addEventListener("click", () => {
      claim.gone = claim.gone.filter((other) => other !== link);
      claim.links.push(link);
      panel.touch(claim);
      drawLinks(panel, claim, place);
      place.querySelector(`[data-link="${link.uid}"] select`)?.focus();
    });
    const source = references.get(link.reference)?.short || "?";
    return el("p", { class: "ep-gone" }, fill(words.taken_away, { source }), " ", back);
  });
  const parts = claim.links.map((link) => new LinkPart(panel, claim, link, place).root);
  place.replaceChildren(...parts, ...undo);
}

class LinkPart {
  constructor(panel, claim, link, place) {
    Object.assign(this, { panel, claim, link, place });
    this.source = panel.references.get(link.reference) || UNKNOWN;
    this.saved = JSON.stringify(link);
    this.check = el("p", { class: "ep-help" });
    this.root = this.#make();
    this.#sayWhoChecked();
  }

  #make() {
    const { link, source } = this;
    const { words } = this.panel;
    const design = source.design_label ? el("span", { class: "ep-design" }, source.design_label) : "";
    const state = fill(words.retracted, { state: source.integrity_label });
    return el("fieldset", { class: `ep-link is-${link.stance}`, "data-link": link.uid },
      el("legend", {}, el("span", { title: source.text }, source.short), design),
      this.#removeButton(),
      source.counts_as_evidence ? "" : el("p", { class: "ep-finding" }, state),
      el("div", {}, ...this.#pick("stance", words.stance)),
      el("div", { class: "ep-pair" },
        el("div", {}, ...this.#pick("locator_kind", words.place_kind, [["", "—"]])),
        el("div", {}, ...this.#type("locator", words.place))),
      el("div", {}, ...this.#type("quote", words.quote, "textarea")),
      el("div", { class: "ep-pair" },
        el("div", {}, ...this.#type("source_certainty", words.source_certainty)),
        el("div", {}, ...this.#pick("source_scheme", words.source_scheme))),
      el("details", {}, el("summary", {}, words.more),
        el("p", { class: "ep-source", dir: "auto" }, source.text),
        el("div", {}, ...this.#pick("design", words.design)),
        el("div", {}, ...this.#pick("population_match", words.population)),
        this.#tick("includes_retracted", words.includes_retracted),
        el("div", {}, ...this.#type("note", words.note))),
      this.check);
  }

  #id(name) { return `${name}-${this.link.uid}`; }

  #changed() {
    this.panel.touch(this.claim);
    this.#sayWhoChecked();
  }

  // A check is of the link as it was saved: any change of it asks for another.
  #sayWhoChecked() {
    const { words } = this.panel;
    const by = JSON.stringify(this.link) === this.saved && this.claim.checks[this.link.uid];
    this.check.textContent = by ? fill(words.checked_by, { name: by }) : words.unchecked;
  }

  #removeButton() {
    const { panel, claim, link, source, place } = this;
    const { words } = panel;
    const name = fill(words.take_away_this, { source: source.short });
    const remove = el("button", { type: "button", class: "ep-remove", "aria-label": name }, words.take_away);
    remove.addEventListener("click", () => {
      claim.links = claim.links.filter((other) => other !== link);
      claim.gone.push(link);
      panel.touch(claim);
      drawLinks(panel, claim, place);
      panel.say(fill(words.taken_away, { source: source.short }));
      place.querySelector(".ep-gone:last-child button")?.focus();
    });
    return remove;
  }

  // A choice, with its label. `first`: what can be chosen before the rest.
  #pick(name, label, first = []) {
    const select = options([...first, ...this.panel.choices[name]], this.link[name]);
    select.id = this.#id(name);
    select.addEventListener("change", () => {
      this.link[name] = select.value;
      this.#changed();
      if (name === "stance") this.root.className = `ep-link is-${select.value}`;
    });
    return [el("label", { for: select.id }, label), select];
  }

  #tick(name, label) {
    const box = el("input", { type: "checkbox", id: this.#id(name) });
    box.checked = Boolean(this.link[name]);
    box.addEventListener("change", () => {
      this.link[name] = box.checked;
      this.#changed();
    });
    return el("label", { for: box.id, class: "ep-tick" }, box, " ", label);
  }

  // A field to type in, with its label, and how much room is left once that is little.
  #type(name, label, tag = "input") {
    const kind = tag === "textarea" ? { rows: 2 } : { type: "text" };
    const input = el(tag, { id: this.#id(name), ...kind, dir: "auto" });
    input.value = this.link[name] || "";
    const left = el("span", { class: "ep-help", id: `${input.id}-left` });
    input.setAttribute("aria-describedby", left.id);
    input.addEventListener("input", () => {
      this.link[name] = input.value;
      if (name === "locator") this.#supposeAPage();
      this.#measure(input, left, name);
      this.#changed();
    });
    this.#measure(input, left, name);
    return [el("label", { for: input.id }, label), input, left];
  }

  #measure(input, left, name) {
    const count = input.value.length;
    const most = this.panel.limits[name];
    left.textContent = count > most * NEARLY_FULL ? fill(this.panel.words.limit, { count, most }) : "";
    input.setAttribute("aria-invalid", String(count > most));
  }

  // Who types a place and chose no kind of place most likely means a page.
  #supposeAPage() {
    if (!this.link.locator || this.link.locator_kind) return;
    this.link.locator_kind = "page";
    this.root.querySelector(`#${CSS.escape(this.#id("locator_kind"))}`).value = "page";
  }
}
