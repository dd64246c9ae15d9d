// What the evidence panel says of claims. The sentences come with the page, translated; here their blanks are filled.
// Nothing here touches the page.

import { isBare, hasNewWording, isRemoved } from "./rules.js";

// "{count} sources" with its values in place.
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// The words of one value of a choice; the value itself where the choice does not have it.
export function labelOf(choice, value) {
  return (choice.find(([candidate]) => candidate === value) || ["", value])[1];
}

// What a row claims: what was chosen or typed, with how many of how many.
export function rowSaid(said, { n, base, unit }) {
  return said && n && base && unit ? `${said}: ${n} in ${base} ${unit}` : said;
}

export function sourcesSaid(claim, words) {
  const count = claim.links.length;
  if (!count && claim.isOpinion) return words.opinion;
  if (!count) return words.no_evidence;
  return count === 1 ? words.sources_one : fill(words.sources, { count });
}

// What the head of a card says under the words of its claim, the most important first.
export function flagsOf(claim, { words, certainty, findings, isOpen }) {
  const blocker = !isOpen && !isBare(claim) && findings.find((finding) => finding.is_blocker);
  return [
    stateOf(claim, words),
    claim.links.length || claim.certainty === "none" ? labelOf(certainty, claim.certainty) : "",
    hasNewWording(claim) ? words.drifted : "",
    blocker && !saysThatWordingIsNew(blocker) ? blocker.message : "",
  ].filter(Boolean);
}

// The card says so by itself already.
const saysThatWordingIsNew = (finding) => finding.code === "words_are_those_the_evidence_was_linked_to";

function stateOf(claim, words) {
  if (claim.isDeleted) return words.deleted;
  if (claim.rowGoes) return words.row_removed;
  if (isRemoved(claim)) return words.removed;
  return isBare(claim) ? words.no_evidence : sourcesSaid(claim, words);
}

// The line above the cards: how many claims, and how many of them show no source.
export function summaryOf({ shown, bare, removed }, words) {
  if (!shown && !removed) return words.no_claims;
  const parts = [
    shown === 1 ? words.count_one : fill(words.count, { count: shown }),
    bare ? fill(words.bare, { count: bare }) : words.all_linked,
  ];
  if (removed) parts.push(fill(words.markers_removed, { count: removed }));
  return parts.join(", ");
}
