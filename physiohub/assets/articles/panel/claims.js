// The claims of the article as the form has them now, and what of them goes with the next save: what was touched, as
// articles/evidence/panel_state.py reads it. Nothing here touches the page.

const DEFAULT = { certainty: "not-rated", reasons: [], note: "", confirmed: false };
const OF_A_LINK = [
  "uid", "reference", "stance", "design", "locator_kind", "locator", "quote", "quote_language", "population_match",
  "source_certainty", "source_scheme", "includes_retracted", "note",
];
const MOST_LETTERS = 2000; // of the words of a claim

export class Claims {
  #all = new Map(); // key -> { key, kind, text, checked_text, certainty, reasons, note, confirmed, links, gone, … }
  order = []; // keys in the order they are shown

  // `saved`: {key: claim} as the server gave them.
  constructor(saved) {
    for (const [key, claim] of Object.entries(saved)) {
      const hadLinks = claim.links.length > 0;
      Object.assign(this.of(key), structuredClone(claim), { isSaved: true, hadLinks });
    }
  }

  // The claim of a key; made where there was none.
  of(key) {
    if (!this.#all.has(key)) this.#all.set(key, aNewClaim(key));
    return this.#all.get(key);
  }

  get(key) { return this.#all.get(key); }
  has(key) { return this.#all.has(key); }
  all() { return [...this.#all.values()]; }
  inOrder() { return this.order.map((key) => this.of(key)); }

  // What came back with a form that could not be saved, or out of the autosave buffer.
  overlay(json) {
    let state;
    try { state = JSON.parse(json || "{}"); } catch { return; }
    for (const [key, values] of Object.entries(state.claims || {})) {
      Object.assign(this.of(key), values, { touched: true });
    }
    for (const key of state.removed || []) if (this.has(key)) this.of(key).isDeleted = true;
  }

  // What is sent with the form; "" where nothing was touched.
  asJson() {
    const state = { claims: {}, removed: [] };
    for (const claim of this.#all.values()) {
      if (claim.isDeleted) state.removed.push(claim.key);
      else if (claim.touched) state.claims[claim.key] = sent(claim);
    }
    return Object.keys(state.claims).length || state.removed.length ? JSON.stringify(state) : "";
  }
}

function aNewClaim(key) {
  return {
    key, kind: "text", text: "", checked_text: "", checks: {}, links: [], gone: [], touched: false,
    ...structuredClone(DEFAULT),
  };
}

function sent({ text, certainty, reasons, note, confirmed, outcome, population, comparator, links }) {
  return {
    text: text.slice(0, MOST_LETTERS), certainty, reasons, note, confirmed, outcome, population, comparator,
    links: links.map((link) => Object.fromEntries(OF_A_LINK.map((name) => [name, link[name]]))),
  };
}

export function aNewLink(uid, reference) {
  return {
    uid, reference, stance: "supports", design: "", locator_kind: "", locator: "", quote: "", quote_language: "",
    population_match: "", source_certainty: "", source_scheme: "", includes_retracted: false, note: "",
  };
}
