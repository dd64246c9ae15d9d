// The rows of the form that are claims of their own: a side effect, a reason not to have it, advice. Each carries the
// key of its claim in a hidden field, with a button beside it that opens its card.

import { draw } from "../making.js";
import { isBare, kindOf } from "./rules.js";
import { rowSaid, sourcesSaid } from "./wording.js";

const ROW = "tr.form-row, .inline-related:not(.tabular)"; // a line of a table, or a block of fields
const KEY = 'input[name$="-claim_key"]';
const CHOSEN = "select.admin-autocomplete option:checked, .related-widget-wrapper select option:checked";

// What the words of a finding's claim are made of, as the server puts them together.
const OF_A_FINDING = [
  "outcome", "intervention", "comparator", "without_value", "with_value", "difference", "base", "unit", "low", "high",
  "interval_of", "time", "direction",
];

export class Rows {
  #first = new Map(); // key -> what the row of a saved claim said when it was read first

  // `open(key)` opens the card of a claim.
  constructor({ form, claims, words, open }) {
    Object.assign(this, { form, claims, words });
    form.addEventListener("click", (event) => {
      const show = event.target.closest("[data-row-evidence]");
      if (show) open(show.parentElement.querySelector(KEY).value);
    });
  }

  // Brings every claim of a row up to what its row says; the keys, in the order of the page.
  read() {
    const found = [];
    for (const input of this.form.querySelectorAll(KEY)) {
      if (input.name.includes("__prefix__")) continue;
      if (!input.value) input.value = draw();
      this.#take(input, this.claims.of(input.value));
      found.push(input.value);
    }
    return found;
  }

  #take(input, claim) {
    const row = input.closest(ROW);
    if (!claim.isSaved) claim.kind = kindOf(input.name);
    claim.text = this.#saidNow(row, claim) || claim.text || this.words.new_row;
    claim.isRow = true;
    claim.isOpinion = row.querySelector('select[name$="-kind"]')?.value === "expert"; // a named person's own view
    claim.rowGoes = Boolean(row.querySelector('input[name$="-DELETE"]:checked'));
    this.#showOn(input, claim);
  }

  // The words of a finding are longer than its row shows: while nobody touches the row, they are those that were saved.
  #saidNow(row, claim) {
    const values = OF_A_FINDING.map((name) => row.querySelector(`[name$="-${name}"]`)?.value).join("|");
    if (claim.kind !== "finding" || !claim.isSaved) return wordsOf(row);
    if (!this.#first.has(claim.key)) this.#first.set(claim.key, { values, text: claim.text });
    const first = this.#first.get(claim.key);
    return values === first.values ? first.text : wordsOf(row);
  }

  // The button of a row says how many sources its claim has.
  show(claim) {
    const input = this.#inputOf(claim.key);
    if (input) this.#showOn(input, claim);
  }

  #showOn(input, claim) {
    const show = input.parentElement.querySelector("[data-row-evidence]");
    show.hidden = false;
    show.textContent = `${this.words.evidence_button}: ${sourcesSaid(claim, this.words)}`;
    show.classList.toggle("is-bare", isBare(claim));
  }

  #inputOf(key) {
    return [...this.form.querySelectorAll(KEY)].find((input) => input.value === key);
  }

  // Brings a row into sight, and the keyboard into its first field.
  goTo(key) {
    const row = this.#rowOf(key);
    row.closest("details")?.setAttribute("open", "");
    row.scrollIntoView({ block: "center" });
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  focusButton(key) {
    this.#rowOf(key)?.querySelector("[data-row-evidence]")?.focus();
  }

  #rowOf(key) {
    return this.#inputOf(key)?.closest(ROW);
  }
}

function wordsOf(row) {
  const chosen = row.querySelector(CHOSEN);
  const typed = row.querySelector('input[name$="-text"], input[name$="-outcome"]');
  const said = (chosen && chosen.value ? chosen.textContent : typed ? typed.value : "").trim();
  const [n, base] = ["n", "base"].map((name) => row.querySelector(`input[name$="-${name}"]`)?.value);
  const unit = row.querySelector('select[name$="-unit"] option:checked')?.textContent;
  const arms = ["without_value", "with_value"].map((name) => row.querySelector(`input[name$="-${name}"]`)?.value);
  return said && arms.every(Boolean) ? `${said}: ${arms.join(" → ")}` : rowSaid(said, { n, base, unit });
}
