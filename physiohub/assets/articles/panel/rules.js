// What is true of a claim in the evidence panel. Nothing here touches the page, so it can be tried without a form.

const AN_ADDRESS = /\b10\.\d{4,}|^\s*(pmid|pmc|isbn|doi)\b|^\s*PMC\d|^\s*\d{5,}\s*$|https?:\/\/|\/\/|\n/i;

// Somebody typed or pasted where a work can be found, not words of its title.
export const looksLikeAnAddress = (text) => AN_ADDRESS.test(text);

// The kind of claim a row makes, read from the name of the hidden field its key is in.
export function kindOf(name) {
  if (name.startsWith("recommendation")) return "recommendation";
  if (name.startsWith("indication")) return "indication";
  if (name.startsWith("finding")) return "finding";
  return name.replace(/^article(.*)_rows-.*$/, "$1").replace("sideeffect", "side_effect");
}

// Its marker or its row is no longer there, but its evidence is, or was when the form was opened.
export const isRemoved = (claim) =>
  !claim.isRow && !claim.isMarked && (claim.links.length > 0 || Boolean(claim.hadLinks));

// It says something and shows no source, where one is needed: a named person's own view needs none.
export const isBare = (claim) => !claim.links.length && claim.certainty !== "none" && !claim.isOpinion;

// Its words are no longer those its evidence was linked to, and nobody has said that the evidence still fits. A row
// that was never saved has no earlier words.
export const hasNewWording = (claim) =>
  Boolean(claim.checked_text) && claim.links.length > 0 && claim.text !== claim.checked_text &&
  !claim.confirmed && !(claim.isRow && !claim.isSaved);

// `findings` is what the publishing gate says of it.
export const needsALook = (claim, findings) => hasNewWording(claim) || isRemoved(claim) || findings.length > 0;

// How its card looks.
export function lookOf(claim, findings) {
  if (claim.isDeleted || claim.rowGoes || isRemoved(claim)) return "removed";
  if (isBare(claim)) return "bare";
  return needsALook(claim, findings) ? "attention" : "linked";
}

// How its words look in the text.
export function lookInText(claim) {
  if (isBare(claim)) return "bare";
  return hasNewWording(claim) ? "attention" : "linked";
}

// Whether its card is shown under `filter` ("all", "bare" or "attention").
export function passes(claim, { filter, isOpen, findings }) {
  if (claim.isDeleted) return isOpen;
  if (isOpen || filter === "all") return true;
  return filter === "bare" ? isBare(claim) && !claim.rowGoes : needsALook(claim, findings);
}

export const isLinkedTo = (claim, reference) => claim.links.some((link) => link.reference === reference);
