// What the writer is told after a paste. Nothing here touches the page. An adapter reports:
//
//   counts    {kind: number} of what was left out, or came in otherwise than it was
//   words     the first words that are missing; ""
//   claims    { copied, plain, foreign }, see claims.js
//   pictures  [{ src, alt, heading, file }]: `file` where the clipboard has it
//   cited     "[3]", where a list of references came along
//   html      what was pasted; "" for files alone
//   hasFailed whether it could not be read as it is written, so that nothing else is known

import { fill } from "../panel/wording.js";

// Left out whole, in the order they are told; what came in otherwise has a sentence of its own.
const LEFT_OUT = [
  "headings", "tables", "items", "merged", "raised", "formulas", "drawings", "media", "embedded", "fields", "comments",
  "hidden", "links",
];
const OTHERWISE = ["changes", "struck", "lettered"];
const TAKEN = /^image\/(?:jpeg|png|webp)$/;

// Why a picture cannot be taken as it is: "remote", "local", "format" or "forbidden"; "" where it can.
export function whyNot({ src, file }, mayAdd) {
  const type = file ? file.type : (/^data:([^;,]*)/i.exec(src) || [])[1];
  if (type === undefined) return /^(?:https?:)?\/\//i.test(src) ? "remote" : "local";
  if (!TAKEN.test(type.toLowerCase())) return "format";
  return mayAdd ? "" : "forbidden";
}

// The sentences about `report`, most important first.
export function sentencesOf(report, words, mayAdd) {
  const told = report.hasFailed ? [words.failed] : [];
  const count = (kind) => report.counts[kind] || 0;
  const left = LEFT_OUT.filter(count).map((kind) => fill(words.part, { what: words[kind], count: count(kind) }));
  if (left.length) told.push(fill(words.left_out, { list: left.join(words.comma) }));
  if (report.words) told.push(fill(words.missing, { words: report.words }));
  for (const kind of OTHERWISE) if (count(kind)) told.push(fill(words[kind], { count: count(kind) }));
  const reasons = report.pictures.map((picture) => whyNot(picture, mayAdd));
  for (const why of ["local", "remote", "format", "forbidden"]) {
    const number = reasons.filter((reason) => reason === why).length;
    if (number) told.push(fill(words[`picture_${why}`], { count: number }));
  }
  const asked = reasons.filter((reason) => !reason).length;
  if (asked) told.push(fill(words.picture_asked, { count: asked }));
  const { copied, plain, foreign } = report.claims;
  copied.forEach((text) => told.push(fill(words.claim_copied, { text })));
  plain.forEach((text) => told.push(fill(words.claim_plain, { text })));
  if (foreign) told.push(fill(words.claims_foreign, { count: foreign }));
  if (report.cited) told.push(fill(words.cited, { mark: report.cited }));
  return told;
}
