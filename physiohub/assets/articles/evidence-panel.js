// The evidence panel beside the editor: a card for every claim of the article, whether a phrase marked in the text or a
// row below, with its sources and how sure they make us. It knows the editor only through its adapter (see
// articles/…/adapter.js for what one offers) and saves nothing by itself: what was touched goes as JSON into one hidden
// field of the form (articles/evidence/panel_state.py), in the same save as the text.
//
// Everything is put on the page as text, never as HTML: titles and quotes come from anywhere.

import { Standing } from "./standing.js";
import { draw, el, fill, newUid, options } from "./making.js";

const root = document.getElementById("evidence-panel");
const given = JSON.parse(document.getElementById("evidence-panel-data").textContent);
const { words, choices, limits, addresses } = given;
const form = root.closest("form");
const field = document.getElementById(root.dataset.field);
const textarea = form.elements.body;

const ROW_KEY = 'input[name$="-claim_key"]';
const DEFAULT = { certainty: "not-rated", reasons: [], note: "", confirmed: false };
const LOOKS_LIKE_AN_ADDRESS = /\b10\.\d{4,}|^\s*(pmid|pmc|isbn|doi)\b|^\s*PMC\d|^\s*\d{5,}\s*$|https?:\/\/|\/\/|\n/i;

// --- what is known -----------------------------------------------------------------------------------------------
const references = new Map(Object.entries(given.references));
const claims = new Map(); // key -> { key, kind, text, checked_text, certainty, reasons, note, confirmed, links, gone, touched, … }
let order = []; // keys in the order they are shown
let current = null, filter = "all", editor = null, standing = null, isBegun = false, wasDirty = false, lastRemoved = new Set();

function claimOf(key) {
  if (!claims.has(key)) {
    claims.set(key, { key, kind: "text", text: "", checked_text: "", checks: {}, links: [], gone: [], touched: false, ...structuredClone(DEFAULT) });
  }
  return claims.get(key);
}

for (const [key, saved] of Object.entries(given.claims)) Object.assign(claimOf(key), structuredClone(saved), { isSaved: true });

// What came back with a form that could not be saved, or out of the autosave buffer.
function overlay(json) {
  let state;
  try { state = JSON.parse(json || "{}"); } catch { return; }
  for (const [key, values] of Object.entries(state.claims || {})) Object.assign(claimOf(key), values, { touched: true });
  for (const key of state.removed || []) if (claims.has(key)) claimOf(key).isDeleted = true;
}
overlay(field.value);

function write() {
  const state = { claims: {}, removed: [] };
  for (const claim of claims.values()) {
    if (claim.isDeleted) state.removed.push(claim.key);
    else if (claim.touched) {
      state.claims[claim.key] = {
        text: claim.text.slice(0, 2000), certainty: claim.certainty, reasons: claim.reasons, note: claim.note, confirmed: claim.confirmed,
        links: claim.links.map(({ uid, reference, stance, design, locator_kind, locator, quote, quote_language, population_match, note }) =>
          ({ uid, reference, stance, design, locator_kind, locator, quote, quote_language, population_match, note })),
      };
    }
  }
  const json = Object.keys(state.claims).length || state.removed.length ? JSON.stringify(state) : "";
  if (field.value === json) return;
  field.value = json;
  if (isBegun) changed(); // what the page came with is written in our own way first, and that is no change
}

function touch(claim) {
  claim.touched = true;
  standing.forget(claim.key);
  cards.get(claim.key)?.body.querySelectorAll(":scope > .ep-finding, :scope > .ep-hint").forEach((said) => said.remove());
  write();
  refresh(claim);
}

function changed() {
  form.dispatchEvent(new CustomEvent("physiohub:change"));
  standing.later();
}

// --- the rows below ------------------------------------------------------------------------------------------------
function rowOf(key) {
  const input = [...form.querySelectorAll(ROW_KEY)].find((candidate) => candidate.value === key);
  return input && input.closest(".form-row");
}

const SELECTED = "select.admin-autocomplete option:checked, .related-widget-wrapper select option:checked";

function wordsOf(row) {
  const chosen = row.querySelector(SELECTED);
  const typed = row.querySelector('input[name$="-text"]');
  const count = ["n", "base"].map((name) => row.querySelector(`input[name$="-${name}"]`)?.value);
  const unit = row.querySelector('select[name$="-unit"] option:checked');
  const said = (chosen && chosen.value ? chosen.textContent : typed ? typed.value : "").trim();
  return said && count[0] && count[1] && unit ? `${said}: ${count[0]} in ${count[1]} ${unit.textContent}` : said;
}

function readRows() {
  const found = [];
  for (const input of form.querySelectorAll(ROW_KEY)) {
    if (input.name.includes("__prefix__")) continue;
    const row = input.closest(".form-row");
    if (!input.value) input.value = draw();
    const claim = claimOf(input.value);
    if (!claim.isSaved) claim.kind = kindOf(input.name);
    claim.text = wordsOf(row) || claim.text || words.new_row;
    claim.isRow = true;
    claim.isOpinion = row.querySelector('select[name$="-kind"]')?.value === "expert"; // a named person's view needs no study
    claim.rowGoes = Boolean(row.querySelector('input[name$="-DELETE"]:checked'));
    found.push(input.value);
    button(input, claim);
  }
  return found;
}

function kindOf(name) {
  if (name.startsWith("recommendation")) return "recommendation";
  if (name.startsWith("indication")) return "indication";
  return name.replace(/^article(.*)_rows-.*$/, "$1").replace("sideeffect", "side_effect");
}

function button(input, claim) {
  const show = input.parentElement.querySelector("[data-row-evidence]");
  show.hidden = false;
  show.textContent = `${words.evidence_button}: ${sourcesSaid(claim)}`;
  show.classList.toggle("is-bare", isBare(claim));
}

form.addEventListener("click", (event) => {
  const show = event.target.closest("[data-row-evidence]");
  if (!show) return;
  const key = show.parentElement.querySelector(ROW_KEY).value;
  open(key, { focus: true });
});

// --- state of a claim -------------------------------------------------------------------------------------------------
const isShown = (claim) => !claim.isDeleted && (order.includes(claim.key) || isRemoved(claim));
const isRemoved = (claim) => !claim.isRow && !claim.isMarked && (claim.links.length > 0 || (claim.isSaved && Boolean(given.claims[claim.key].links.length)));
const isBare = (claim) => !claim.links.length && claim.certainty !== "none" && !claim.isOpinion;
const isDrifted = (claim) => Boolean(claim.checked_text) && claim.links.length > 0 && claim.text !== claim.checked_text && !claim.confirmed && !(claim.isRow && !claim.isSaved);
const needsALook = (claim) => isDrifted(claim) || isRemoved(claim) || standing.of(claim.key).length > 0;

function sourcesSaid(claim) {
  const count = claim.links.length;
  if (!count && claim.isOpinion) return words.opinion;
  return count === 0 ? words.no_evidence : count === 1 ? words.sources_one : fill(words.sources, { count });
}

// --- in step with the text --------------------------------------------------------------------------------------------
let isLate = null;
function syncSoon() {
  clearTimeout(isLate);
  isLate = setTimeout(sync, 120);
}

function sync() {
  const marked = editor ? editor.list() : [];
  for (const claim of claims.values()) claim.isMarked = claim.isRow = false;
  for (const { key, text } of marked) {
    const claim = claimOf(key);
    claim.isMarked = claim.wasMarked = true; // once in this window: then undo can bring it back
    claim.text = text;
    if (claim.isDeleted) claim.isDeleted = false; // undo in the text brings the claim back, and its evidence with it
  }
  const rows = readRows();
  const removed = [...claims.values()].filter((claim) => !claim.isDeleted && isRemoved(claim)).map((claim) => claim.key);
  const next = [...marked.map((claim) => claim.key), ...rows, ...removed];
  const before = order;
  order = next;
  const openOne = current && claims.get(current);
  if (openOne && openOne.shownRemoved !== undefined && openOne.shownRemoved !== isRemoved(openOne)) openBody(openOne);
  const lost = removed.filter((key) => before.includes(key) && !lastRemoved.has(key));
  if (isBegun && lost.length) say(`${words.removed}: ${claimOf(lost[0]).text}`);
  lastRemoved = new Set(removed);
  write();
  if (next.join() !== before.join()) redraw();
  else order.forEach((key) => refreshHead(claimOf(key)));
  summary();
  paint();
}

function paint() {
  if (!editor) return;
  const looks = [];
  for (const key of order) {
    const claim = claimOf(key);
    if (!claim.isMarked) continue;
    looks.push({ key, look: isBare(claim) ? "bare" : isDrifted(claim) ? "attention" : "linked" });
  }
  if (current && claims.get(current)?.isMarked) looks.push({ key: current, look: "current" });
  editor.decorate(looks);
}

// --- the panel --------------------------------------------------------------------------------------------------------
const count = el("p", { class: "ep-count", role: "status" });
const filters = el("div", { class: "ep-filters", role: "group", "aria-label": words.open_panel });
const list = el("div", { class: "ep-cards" });
const said = el("p", { class: "ep-said visually-hidden", role: "status" });
const bar = el("button", { type: "button", class: "ep-bar", "aria-expanded": "false", "aria-controls": "ep-body" });
const closing = el("button", { type: "button", class: "ep-close" }, words.close_panel);
const body = el("div", { class: "ep-body", id: "ep-body" });
const cards = new Map(); // key -> { root, head, body }

for (const [name, label] of [["all", words.show_all], ["bare", words.show_bare], ["attention", words.show_attention]]) {
  const choose = el("button", { type: "button", "aria-pressed": String(name === "all") }, label);
  choose.addEventListener("click", () => {
    filter = name;
    filters.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === choose)));
    redraw();
  });
  filters.append(choose);
}
const standingRoot = el("div", { class: "ep-standing" });
body.append(el("div", { class: "ep-top" }, el("h2", {}, words.open_panel), count, filters), standingRoot, list, closing);
root.querySelector("[data-panel]").append(bar, body, said);
const sheet = (isOpen) => {
  root.classList.toggle("is-open", isOpen);
  bar.setAttribute("aria-expanded", String(isOpen));
};
bar.addEventListener("click", () => sheet(!root.classList.contains("is-open")));
closing.addEventListener("click", () => { sheet(false); bar.focus(); });

function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

function summary() {
  const shown = order.map(claimOf).filter((claim) => !claim.isDeleted && !isRemoved(claim) && !claim.rowGoes);
  const bare = shown.filter(isBare).length;
  const total = shown.length === 1 ? words.count_one : fill(words.count, { count: shown.length });
  const parts = [total, bare ? fill(words.bare, { count: bare }) : words.all_linked];
  if (lastRemoved.size) parts.push(fill(words.markers_removed, { count: lastRemoved.size }));
  const text = shown.length || lastRemoved.size ? parts.join(", ") : words.no_claims;
  if (count.textContent !== text) count.textContent = text;
  bar.textContent = shown.length ? `${words.open_panel}: ${text}` : words.open_panel;
  bar.classList.toggle("is-bare", bare > 0);
}

function passes(claim) {
  if (claim.isDeleted) return claim.key === current;
  if (claim.key === current || filter === "all") return true;
  return filter === "bare" ? isBare(claim) && !claim.rowGoes : needsALook(claim);
}

function redraw() {
  const wanted = order.map(claimOf).filter(passes);
  const keep = new Set(wanted.map((claim) => claim.key));
  for (const [key, card] of cards) if (!keep.has(key)) { card.root.remove(); cards.delete(key); }
  let place = list.firstElementChild;
  for (const claim of wanted) {
    if (!cards.has(claim.key)) cards.set(claim.key, newCard(claim));
    const card = cards.get(claim.key);
    if (card.root !== place) list.insertBefore(card.root, place);
    else place = place.nextElementSibling;
    refreshHead(claim);
  }
  const nothing = list.querySelector(".ep-nothing");
  if (!wanted.length && !nothing) list.append(el("p", { class: "ep-nothing" }, filter === "all" ? "" : words.nothing_here));
  else if (wanted.length && nothing) nothing.remove();
}

function newCard(claim) {
  const head = el("button", { type: "button", class: "ep-head", "aria-expanded": "false" });
  const inner = el("div", { class: "ep-card-body", hidden: true });
  const card = { root: el("section", { class: "ep-card", "data-key": claim.key }, head, inner), head, body: inner };
  head.addEventListener("click", () => (current === claim.key ? shut() : open(claim.key, { reveal: true })));
  if (claim.key === current) { inner.hidden = false; fillBody(claim, card); }
  return card;
}

// The part of a card that is always seen. Written only where it changes: it runs on every key press.
function refreshHead(claim) {
  const card = cards.get(claim.key);
  if (!card) return;
  const findings = standing.of(claim.key);
  const flags = [
    claim.isDeleted ? words.deleted : claim.rowGoes ? words.row_removed : isRemoved(claim) ? words.removed : isBare(claim) ? words.no_evidence : sourcesSaid(claim),
    claim.links.length || claim.certainty === "none" ? labelOf("certainty", claim.certainty) : "",
    isDrifted(claim) ? words.drifted : "",
    ...(claim.key === current ? [] : findings).filter((finding) => finding.is_blocker && !isBare(claim)).slice(0, 1).map((finding) => finding.code === "words_are_those_the_evidence_was_linked_to" ? "" : finding.message),
  ].filter(Boolean);
  const look = claim.isDeleted || claim.rowGoes || isRemoved(claim) ? "removed" : isBare(claim) ? "bare" : needsALook(claim) ? "attention" : "linked";
  const stamp = JSON.stringify([claim.text, flags, look, claim.kind, claim.key === current]);
  if (card.stamp === stamp) return;
  card.stamp = stamp;
  card.root.className = `ep-card is-${look}${claim.key === current ? " is-current" : ""}`;
  card.head.setAttribute("aria-expanded", String(claim.key === current));
  card.head.replaceChildren(
    ...(claim.kind === "text" ? [] : [el("span", { class: "ep-kind" }, labelOf("kind", claim.kind))]),
    el("span", { class: "ep-words", dir: "auto" }, claim.text),
    ...flags.map((flag, place) => el("span", { class: place === 0 ? "ep-state" : "ep-flag" }, flag)),
  );
  if (claim.isRow) {
    const input = [...form.querySelectorAll(ROW_KEY)].find((candidate) => candidate.value === claim.key);
    if (input) button(input, claim);
  }
}

function refresh(claim) {
  refreshHead(claim);
  summary();
  paint();
}

function labelOf(name, value) {
  return (choices[name].find(([candidate]) => candidate === value) || ["", value])[1];
}

function open(key, { focus = false, reveal = false, isTouched = false } = {}) {
  const claim = claimOf(key);
  claim.isTouched = isTouched;
  const before = current;
  current = key;
  if (before && before !== key) close(before);
  if (!order.includes(key)) sync();
  if (!passes(claim) || !cards.has(key)) { redraw(); }
  const card = cards.get(key);
  if (!card) return;
  card.body.hidden = false;
  fillBody(claim, card);
  refresh(claim);
  if (focus) sheet(true);
  if (reveal && claim.isMarked && editor && matchMedia("(min-width: 1101px)").matches) editor.reveal(key);
  card.root.scrollIntoView({ block: "nearest" });
  if (focus) (card.root.querySelector(".ep-add input") || card.head).focus();
}

function close(key) {
  const card = cards.get(key);
  if (!card) return;
  card.body.hidden = true;
  card.body.replaceChildren();
  if (!passes(claimOf(key))) redraw();
  else refreshHead(claimOf(key));
}

function shut() {
  const before = current;
  current = null;
  if (before) close(before);
  paint();
}

// --- an open card ---------------------------------------------------------------------------------------------------------
function fillBody(claim, card) {
  const parts = [];
  claim.shownRemoved = isRemoved(claim);
  if (claim.shownRemoved) parts.push(el("p", {}, claim.wasMarked ? words.removed_hint : words.removed_before));
  if (claim.isTouched) parts.push(el("p", { class: "ep-drift" }, words.touches));
  if (isDrifted(claim) || claim.confirmed) parts.push(driftPart(claim));
  for (const finding of standing.of(claim.key)) parts.push(el("p", { class: finding.is_blocker ? "ep-finding" : "ep-hint" }, finding.message));
  const links = el("div", { class: "ep-links" });
  parts.push(links, addPart(claim), certaintyPart(claim), actsPart(claim));
  card.body.replaceChildren(...parts);
  drawLinks(claim, links);
}

const openBody = (claim) => { if (claim.key === current && cards.has(claim.key)) fillBody(claim, cards.get(claim.key)); };

function driftPart(claim) {
  const fits = el("input", { type: "checkbox", id: `fits-${claim.key}` });
  fits.checked = claim.confirmed;
  fits.addEventListener("change", () => { claim.confirmed = fits.checked; touch(claim); });
  return el("div", { class: "ep-drift" },
    el("p", {}, el("strong", {}, words.drifted)),
    el("p", {}, fill(words.was, { text: claim.checked_text })),
    el("p", { class: "ep-check" }, fits, el("label", { for: fits.id }, words.still_fits)),
    el("p", { class: "ep-help" }, words.still_fits_hint));
}

function drawLinks(claim, place) {
  const undo = claim.gone.map((link) => {
    const back = el("button", { type: "button" }, words.put_back);
    back.addEventListener("click", () => {
      claim.gone = claim.gone.filter((other) => other !== link);
      claim.links.push(link);
      touch(claim);
      drawLinks(claim, place);
      place.querySelector(`[data-link="${link.uid}"] select`)?.focus();
    });
    return el("p", { class: "ep-gone" }, fill(words.taken_away, { source: nameOf(link) }), " ", back);
  });
  place.replaceChildren(...claim.links.map((link) => linkPart(claim, link, place)), ...undo);
}

const nameOf = (link) => references.get(link.reference)?.short || "?";

function linkPart(claim, link, place) {
  const source = references.get(link.reference) || { short: "?", text: "", counts_as_evidence: true };
  const id = (name) => `${name}-${link.uid}`;
  const pick = (name, label) => {
    const select = options(choices[name], link[name]);
    select.id = id(name);
    select.addEventListener("change", () => { link[name] = select.value; touch(claim); checkLine(); });
    return [el("label", { for: select.id }, label), select];
  };
  const type = (name, label, tag = "input", most = limits[name]) => {
    const input = el(tag, { id: id(name), ...(tag === "textarea" ? { rows: 2 } : { type: "text" }), dir: "auto" });
    input.value = link[name] || "";
    const left = el("span", { class: "ep-help", id: `${id(name)}-left` });
    const measure = () => {
      const over = input.value.length > most;
      left.textContent = over || input.value.length > most * 0.8 ? fill(words.limit, { count: input.value.length, most }) : "";
      input.setAttribute("aria-invalid", String(over));
    };
    input.setAttribute("aria-describedby", left.id);
    input.addEventListener("input", () => {
      link[name] = input.value;
      if (name === "locator" && link.locator && !link.locator_kind) {
        link.locator_kind = "page";
        part.querySelector(`#${CSS.escape(id("locator_kind"))}`).value = "page";
      }
      measure();
      touch(claim);
      checkLine();
    });
    measure();
    return [el("label", { for: input.id }, label), input, left];
  };
  const remove = el("button", { type: "button", class: "ep-remove", "aria-label": fill(words.take_away_this, { source: source.short }) }, words.take_away);
  remove.addEventListener("click", () => {
    claim.links = claim.links.filter((other) => other !== link);
    claim.gone.push(link);
    touch(claim);
    drawLinks(claim, place);
    say(fill(words.taken_away, { source: source.short }));
    place.querySelector(".ep-gone:last-child button")?.focus();
  });
  const check = el("p", { class: "ep-help" });
  const saved = JSON.stringify(link);
  function checkLine() {
    const by = JSON.stringify(link) === saved && claim.checks[link.uid];
    check.textContent = by ? fill(words.checked_by, { name: by }) : words.unchecked;
  }
  const part = el("fieldset", { class: `ep-link is-${link.stance}`, "data-link": link.uid },
    el("legend", {}, el("span", { title: source.text }, source.short), source.design_label ? el("span", { class: "ep-design" }, source.design_label) : ""),
    remove,
    source.counts_as_evidence ? "" : el("p", { class: "ep-finding" }, fill(words.retracted, { state: source.integrity_label })),
    el("div", {}, ...pick("stance", words.stance)),
    el("div", { class: "ep-pair" }, el("div", {}, ...pickPlace()), el("div", {}, ...type("locator", words.place))),
    el("div", {}, ...type("quote", words.quote, "textarea")),
    el("details", {}, el("summary", {}, words.more),
      el("p", { class: "ep-source", dir: "auto" }, source.text),
      el("div", {}, ...pick("design", words.design)),
      el("div", {}, ...pick("population_match", words.population)),
      el("div", {}, ...type("note", words.note))),
    check);
  function pickPlace() {
    const select = options([["", "—"], ...choices.locator_kind], link.locator_kind);
    select.id = id("locator_kind");
    select.addEventListener("change", () => { link.locator_kind = select.value; touch(claim); checkLine(); });
    return [el("label", { for: select.id }, words.place_kind), select];
  }
  part.querySelector(`#${CSS.escape(id("stance"))}`).addEventListener("change", () => { part.className = `ep-link is-${link.stance}`; });
  checkLine();
  return part;
}

function certaintyPart(claim) {
  const select = options(choices.certainty, claim.certainty);
  select.id = `certainty-${claim.key}`;
  select.addEventListener("change", () => { claim.certainty = select.value; touch(claim); });
  const most = standing.ceiling(claim.key);
  const why = el("textarea", { id: `why-${claim.key}`, rows: 2, maxlength: limits.certainty_note, dir: "auto" });
  why.value = claim.note;
  why.addEventListener("input", () => { claim.note = why.value; touch(claim); });
  const boxes = choices.reasons.map(([reason, label]) => {
    const box = el("input", { type: "checkbox", id: `${reason}-${claim.key}` });
    box.checked = claim.reasons.includes(reason);
    box.addEventListener("change", () => {
      claim.reasons = box.checked ? [...claim.reasons, reason] : claim.reasons.filter((other) => other !== reason);
      touch(claim);
    });
    return el("p", { class: "ep-check" }, box, el("label", { for: box.id }, label));
  });
  return el("div", { class: "ep-certainty" },
    el("label", { for: select.id }, words.certainty), select,
    most ? el("p", { class: "ep-help" }, fill(words.at_most, { level: most })) : "",
    el("label", { for: why.id }, words.why), why,
    el("details", claim.reasons.length ? { open: "" } : {}, el("summary", {}, words.reasons), ...boxes));
}

function actsPart(claim) {
  const acts = el("div", { class: "ep-acts" });
  const act = (label, run) => {
    const press = el("button", { type: "button" }, label);
    press.addEventListener("click", run);
    acts.append(press);
  };
  if (claim.isMarked) {
    act(words.in_text, () => { sheet(false); editor.reveal(claim.key); });
    act(words.unmark, () => { shut(); editor.unmark(claim.key); editor.focus(); });
  } else if (claim.isRow) {
    act(words.to_row, () => {
      sheet(false);
      const row = rowOf(claim.key);
      row.closest("details")?.setAttribute("open", "");
      row.scrollIntoView({ block: "center" });
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  } else if (isRemoved(claim)) {
    act(words.delete, () => {
      claim.isDeleted = true;
      write();
      refresh(claim);
      openDeleted(claim);
    });
  }
  return acts;
}

function openDeleted(claim) {
  const card = cards.get(claim.key);
  const back = el("button", { type: "button" }, words.put_back);
  back.addEventListener("click", () => { claim.isDeleted = false; write(); openBody(claim); refresh(claim); });
  card.body.replaceChildren(el("p", {}, words.deleted, " ", back));
  back.focus();
}

// --- adding a source ------------------------------------------------------------------------------------------------------
function addPart(claim) {
  const id = `add-${claim.key}`;
  const input = el("input", { type: "text", id, role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`, "aria-describedby": `${id}-hint` });
  const found = el("div", { class: "ep-options", role: "listbox", id: `${id}-list`, "aria-label": words.add, hidden: true });
  const hint = el("p", { class: "ep-help", id: `${id}-hint` }, words.add_hint);
  const status = el("p", { class: "ep-status", role: "status" });
  let shown = [], active = -1, asked = 0, waiting = null, later = null, searched = "", pasted = null;

  const hide = () => { found.hidden = true; shown = []; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const tell = (text, ...more) => status.replaceChildren(text, ...more);

  function show(answer, sure) {
    shown = answer.references;
    shown.forEach((reference) => references.set(reference.uid, reference));
    active = shown.length && sure ? 0 : -1;
    found.replaceChildren(...shown.map((reference, place) => {
      const option = el("div", { role: "option", id: `${id}-${place}`, "aria-selected": String(place === active) },
        el("strong", {}, reference.short), reference.design_label ? el("span", { class: "ep-design" }, reference.design_label) : "",
        reference.counts_as_evidence ? "" : el("span", { class: "ep-finding" }, reference.integrity_label),
        el("span", { class: "ep-title", dir: "auto" }, reference.title || reference.text));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); link(reference); });
      return option;
    }));
    found.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    point();
  }

  function point() {
    [...found.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
    found.children[active].scrollIntoView({ block: "nearest" });
  }

  async function ask(how) {
    waiting?.abort();
    const mine = ++asked;
    waiting = new AbortController();
    const patience = setTimeout(() => tell(words.still_looking), 4000);
    try {
      const answer = await fetch(how.address, { signal: waiting.signal, headers: { Accept: "application/json" }, ...how.with });
      if (mine !== asked) return null;
      if (answer.redirected || answer.status === 403) { tell(words.logged_out); return null; }
      if (!answer.ok) { tell(words.unreachable); return null; }
      return await answer.json();
    } catch (problem) {
      if (mine === asked) tell(problem.name === "AbortError" ? words.stopped : words.unreachable);
      return null;
    } finally {
      clearTimeout(patience);
    }
  }

  async function search() {
    const text = input.value.trim();
    if (text.length < 2 || LOOKS_LIKE_AN_ADDRESS.test(input.value)) { hide(); tell(""); return; }
    const answer = await ask({ address: `${addresses.find}?q=${encodeURIComponent(text)}` });
    if (!answer || input.value.trim() !== text) return;
    searched = text;
    show(answer, true);
    tell(answer.references.length ? "" : words.no_match);
  }

  async function lookUp() {
    // A list pasted into a field of one line has lost its line ends there, so it is sent as it was pasted.
    const text = pasted && pasted.shown === input.value ? pasted.text : input.value.trim();
    if (!text) return;
    hide();
    tell(words.looking_up);
    input.setAttribute("aria-busy", "true");
    const answer = await ask({ address: addresses.find, with: { method: "POST", body: new URLSearchParams({ text, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }) } });
    input.removeAttribute("aria-busy");
    if (!answer) return;
    if (["known", "created"].includes(answer.status) && answer.references.length === 1) {
      link(answer.references[0], answer.message);
      return;
    }
    show(answer, false);
    const more = [];
    if (answer.add_url) {
      const add = el("button", { type: "button" }, words.add_by_hand);
      add.addEventListener("click", () => addByHand(claim, answer.add_url));
      more.push(" ", add);
    }
    tell(answer.message || "", ...more);
  }

  function link(reference, message = "") {
    references.set(reference.uid, reference);
    hide();
    input.value = "";
    linkTo(claim, reference);
    tell([fill(words.linked, { source: reference.short }), message].filter(Boolean).join(" "));
    input.focus();
  }

  // Enter before the list has come searches now, and takes what it finds only where there is no choice.
  async function enter() {
    if (active >= 0) { link(shown[active]); return; }
    const text = input.value.trim();
    if (text.length < 2) return;
    if (!LOOKS_LIKE_AN_ADDRESS.test(input.value) && searched !== text) {
      tell(words.searching);
      await search();
      if (shown.length === 1) link(shown[0]);
      if (shown.length || searched !== text) return;
    }
    lookUp();
  }

  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (/\n/.test(text.trim())) setTimeout(() => { pasted = { text, shown: input.value }; });
  });
  input.addEventListener("input", () => { clearTimeout(later); later = setTimeout(search, 180); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault(); // or the whole form would be sent
      clearTimeout(later);
      enter();
    } else if (event.key === "ArrowDown" && shown.length) {
      event.preventDefault();
      active = Math.min(active + 1, shown.length - 1);
      point();
    } else if (event.key === "ArrowUp" && shown.length) {
      event.preventDefault();
      active = Math.max(active - 1, 0);
      point();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (input.getAttribute("aria-busy")) waiting?.abort();
      else if (!found.hidden) hide();
      else if (input.value) input.value = "";
      else { sheet(false); if (claim.isMarked) editor.reveal(claim.key); else rowOf(claim.key)?.querySelector("[data-row-evidence]")?.focus(); }
    }
  });
  input.addEventListener("blur", () => setTimeout(() => { if (!found.contains(document.activeElement)) found.hidden = true; }, 150));
  return el("div", { class: "ep-add" }, el("label", { for: id }, words.add), input, found, hint, status);
}

function linkTo(claim, reference) {
  const taken = new Set(claim.links.filter((other) => other.reference === reference.uid).map((other) => other.stance));
  const stance = ["supports", "contradicts", "mixed", "background"].find((name) => !taken.has(name));
  if (taken.size) { say(fill(words.already, { source: reference.short })); }
  if (taken.size || !stance) return;
  const link = { uid: newUid(), reference: reference.uid, stance, design: "", locator_kind: "", locator: "", quote: "", quote_language: "", population_match: "", note: "" };
  claim.links.push(link);
  if (!claim.checked_text) claim.checked_text = ""; // set when saved
  touch(claim);
  const place = cards.get(claim.key)?.body.querySelector(".ep-links");
  if (place) drawLinks(claim, place);
}

// The stock admin's pop-up: on return it adds the new option to the select named like the link, and tells us so.
let addingFor = null;
function addByHand(claim, address) {
  addingFor = claim;
  const opener = document.getElementById("add_ph_newref");
  opener.href = address;
  opener.click();
}
window.django?.jQuery?.(document.getElementById("ph_newref")).on("change", async function came() {
  const pk = this.value;
  if (!pk || !addingFor) return;
  const answer = await fetch(`${addresses.find}?pk=${encodeURIComponent(pk)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const [reference] = (await answer.json()).references;
  this.replaceChildren();
  if (!reference) return;
  references.set(reference.uid, reference);
  const claim = addingFor;
  linkTo(claim, reference);
  open(claim.key, { focus: true });
});

// --- begin ------------------------------------------------------------------------------------------------------------------
standing = new Standing({
  form, words, root: standingRoot, address: addresses.standing,
  collect: () => editor?.flush(),
  go: (key) => open(key, { focus: true, reveal: true }),
  arrived: () => {
    order.forEach((key) => refreshHead(claimOf(key)));
    if (filter !== "all") redraw();
    // Not while somebody types in the card: it would take the words from under them.
    if (current && !cards.get(current)?.body.contains(document.activeElement)) openBody(claimOf(current));
  },
});
summary();
sync();

form.addEventListener("physiohub:collect", () => { editor?.flush(); write(); });
form.addEventListener("physiohub:restored", () => { // the whole form was filled anew, from the autosave buffer
  overlay(field.value);
  if (editor) editor.fill(textarea.value);
  syncSoon();
});
form.addEventListener("submit", () => { editor?.flush(); write(); });
form.addEventListener("input", (event) => { if (!root.contains(event.target)) { syncSoon(); standing.later(); } });
form.addEventListener("change", (event) => { if (!root.contains(event.target)) { syncSoon(); standing.later(); } });
document.addEventListener("formset:added", () => { syncSoon(); standing.later(); });
document.addEventListener("formset:removed", () => { syncSoon(); standing.later(); });
// Select2 tells jQuery only.
window.django?.jQuery?.(form).on("change", "select.admin-autocomplete", () => { syncSoon(); standing.later(); });

const { attach } = await import(addresses.adapter);
editor = await attach(textarea);
editor.known((key) => claims.has(key));
editor.on("change", () => {
  syncSoon();
  // Editors say "change" when they load, too. Asking costs a look through the whole text, so only until it is known.
  if (wasDirty || editor.isDirty()) { wasDirty = true; changed(); }
});
editor.on("added", (key) => { sync(); open(key, { focus: true }); });
editor.on("open", (key, isTouched) => open(key, { focus: true, isTouched }));
editor.on("unmark", (key) => { editor.unmark(key); editor.focus(); });
editor.on("caret", (key) => { if (key && key !== current && claims.get(key)?.isMarked && !root.contains(document.activeElement)) open(key); });
sync();
isBegun = true;
standing.now();
root.dataset.ready = "true";
