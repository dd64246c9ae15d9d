// What is inside an open card: what is wrong with the claim, its sources, how sure they make us, and what can be done.

import { el, options } from "../making.js";
import { addPart } from "./adding.js";
import { drawLinks } from "./links.js";
import { hasNewWording, isRemoved } from "./rules.js";
import { fill } from "./wording.js";

export function fillBody(panel, claim, body) {
  const { words } = panel;
  const parts = [];
  claim.shownRemoved = isRemoved(claim);
  if (claim.shownRemoved) parts.push(el("p", {}, claim.wasMarked ? words.removed_hint : words.removed_before));
  if (claim.isTouched) parts.push(el("p", { class: "ep-new-wording" }, words.touches));
  if (hasNewWording(claim) || claim.confirmed) parts.push(newWordingPart(panel, claim));
  for (const finding of panel.standing.of(claim.key)) {
    parts.push(el("p", { class: finding.is_blocker ? "ep-finding" : "ep-hint" }, finding.message));
  }
  const links = el("div", { class: "ep-links" });
  parts.push(links, addPart(panel, claim), certaintyPart(panel, claim));
  if (claim.kind !== "finding") parts.push(scopePart(panel, claim)); // a finding says it in its row
  parts.push(actsPart(panel, claim));
  body.replaceChildren(...parts);
  drawLinks(panel, claim, links);
}

function newWordingPart(panel, claim) {
  const { words } = panel;
  const fits = el("input", { type: "checkbox", id: `fits-${claim.key}` });
  fits.checked = claim.confirmed;
  fits.addEventListener("change", () => {
    claim.confirmed = fits.checked;
    panel.touch(claim);
  });
  return el("div", { class: "ep-new-wording" },
    el("p", {}, el("strong", {}, words.drifted)),
    el("p", {}, fill(words.was, { text: claim.checked_text })),
    el("p", { class: "ep-check" }, fits, el("label", { for: fits.id }, words.still_fits)),
    el("p", { class: "ep-help" }, words.still_fits_hint));
}

function certaintyPart(panel, claim) {
  const { words, choices, limits, standing } = panel;
  const select = options(choices.certainty, claim.certainty);
  select.id = `certainty-${claim.key}`;
  select.addEventListener("change", () => {
    claim.certainty = select.value;
    panel.touch(claim);
  });
  const most = standing.ceiling(claim.key);
  const why = el("textarea", { id: `why-${claim.key}`, rows: 2, maxlength: limits.certainty_note, dir: "auto" });
  why.value = claim.note;
  why.addEventListener("input", () => {
    claim.note = why.value;
    panel.touch(claim);
  });
  return el("div", { class: "ep-certainty" },
    el("label", { for: select.id }, words.certainty), select,
    most ? el("p", { class: "ep-help" }, fill(words.at_most, { level: most })) : "",
    el("label", { for: why.id }, words.why), why,
    el("details", claim.reasons.length ? { open: "" } : {},
      el("summary", {}, words.reasons), ...reasonBoxes(panel, claim)));
}

// Whom the claim is about, and what is set beside what: readers see it.
function scopePart(panel, claim) {
  const names = ["population", "comparator", "outcome"];
  const fields = names.flatMap((name) => {
    const input = el("input", { type: "text", id: `${name}-${claim.key}`, maxlength: panel.limits.scope, dir: "auto" });
    input.value = claim[name] || "";
    input.addEventListener("input", () => {
      claim[name] = input.value;
      panel.touch(claim);
    });
    return [el("label", { for: input.id }, panel.words[`scope_${name}`]), input];
  });
  const isOpen = names.some((name) => claim[name]);
  return el("details", isOpen ? { open: "" } : {}, el("summary", {}, panel.words.scope), ...fields);
}

function reasonBoxes(panel, claim) {
  return panel.choices.reasons.map(([reason, label]) => {
    const box = el("input", { type: "checkbox", id: `${reason}-${claim.key}` });
    box.checked = claim.reasons.includes(reason);
    box.addEventListener("change", () => {
      const others = claim.reasons.filter((other) => other !== reason);
      claim.reasons = box.checked ? [...claim.reasons, reason] : others;
      panel.touch(claim);
    });
    return el("p", { class: "ep-check" }, box, el("label", { for: box.id }, label));
  });
}

function actsPart(panel, claim) {
  const { words, rows } = panel;
  const acts = el("div", { class: "ep-acts" });
  const act = (label, run) => {
    const press = el("button", { type: "button" }, label);
    press.addEventListener("click", run);
    acts.append(press);
  };
  if (claim.isMarked) {
    act(words.in_text, () => {
      panel.sheet(false);
      panel.editor.reveal(claim.key);
    });
    act(words.unmark, () => {
      panel.shut();
      panel.unmark(claim.key);
    });
  } else if (claim.isRow) {
    act(words.to_row, () => {
      panel.sheet(false);
      rows.goTo(claim.key);
    });
  } else if (isRemoved(claim)) {
    act(words.delete, () => {
      claim.isDeleted = true;
      panel.write();
      panel.refresh(claim);
      openDeleted(panel, claim);
    });
  }
  return acts;
}

function openDeleted(panel, claim) {
  const back = el("button", { type: "button" }, panel.words.put_back);
  back.addEventListener("click", () => {
    claim.isDeleted = false;
    panel.write();
    panel.refill(claim);
    panel.refresh(claim);
  });
  panel.cards.get(claim.key).body.replaceChildren(el("p", {}, panel.words.deleted, " ", back));
  back.focus();
}
