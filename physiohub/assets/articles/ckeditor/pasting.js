// Pasting and dropping in CKEditor 4. The editor is given clean HTML (articles/pasting/reading.js); what it then keeps
// is compared with what was there before, so that nothing goes in silence.
//
// After each paste it tells a report (articles/pasting/telling.js), or null where there is nothing to tell.
/* global CKEDITOR */

import { settleMarks } from "../pasting/claims.js";
import { citedWithList } from "../pasting/citations.js";
import { inventory, missing, wordsOf } from "../pasting/counting.js";
import { makeTypedLists } from "../pasting/lists.js";
import { read } from "../pasting/reading.js";

const FIRST = 0, READ = 2, SETTLE = 9, LAST = 999; // the editor's own: 1 and 3 fetch, 6 filters, 1000 puts it in

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
const isEmpty = ({ hasFailed, words, cited, pictures, claims, counts }) => !hasFailed && !words && !cited
  && ![pictures, claims.copied, claims.plain, Object.keys(counts)].some((list) => list.length) && !claims.foreign;

export function listen(editor, { isKnown, copy, tell }) {
  let found = null; // what is known of the paste under way

  editor.on("paste", (event) => {
    const { dataTransfer } = event.data;
    const heading = headingAbove(editor, event.data.range);
    found = { counts: {}, before: null, pictures: [], heading, hasFailed: false };
    const files = filesOf(dataTransfer);
    if (!files.length || hasText(dataTransfer)) return;
    // The editor would put a picture into the text, or say in a box of its own that it cannot.
    event.cancel();
    const [only] = parsed(dataTransfer?.getData("text/html", true) || "").querySelectorAll("img");
    const alt = only?.getAttribute("alt") || "";
    const pictures = files.map((file) => ({ src: "", file, alt, heading: found.heading }));
    tell({ counts: {}, words: "", claims: { copied: [], plain: [], foreign: 0 }, pictures, cited: "", html: "" });
    found = null;
  }, null, null, FIRST);

  editor.on("paste", (event) => {
    const { data } = event;
    if (data.type === "text" || editor._.nextPasteType === "text") return; // asked for as plain text
    const isOwn = data.dataTransfer.getTransferType(editor) !== CKEDITOR.DATA_TRANSFER_EXTERNAL;
    const whole = (!isOwn && data.dataTransfer.getData("text/html", true)) || data.dataValue;
    if (!whole) return;
    try {
      Object.assign(found, read(whole, { isOwn }));
    } catch { // an error here would let the whole paste vanish: the editor's own filter takes it
      found.hasFailed = true;
      return;
    }
    found.pictures.forEach((picture) => { picture.heading ??= found.heading; });
    Object.assign(data, { dataValue: found.html, type: "html", dontFilter: true });
  }, null, null, READ);

  editor.on("paste", (event) => {
    const body = parsed(event.data.dataValue || "");
    const isInText = (key) => Boolean(editor.editable().findOne(`mark[data-claim="${key}"]`));
    found.claims = settleMarks(body, { isKnown, isInText, copy });
    makeTypedLists(body);
    found.cited = citedWithList(body);
    found.html = event.data.dataValue = body.innerHTML;
  }, null, null, SETTLE);

  editor.on("paste", (event) => {
    const { counts, before, pictures, claims, cited, html, hasFailed } = found;
    const report = { counts, words: "", claims, pictures, cited, html, hasFailed };
    if (before) {
      const kept = parsed(filtered(editor, event.data.dataValue));
      const { lost, words } = missing(before, { words: wordsOf(kept), things: inventory(kept) });
      for (const [kind, number] of Object.entries(lost)) counts[kind] = (counts[kind] || 0) + number;
      report.words = words;
    }
    found = null;
    const isAnything = !isEmpty(report);
    editor.once("afterPaste", () => tell(isAnything ? report : null));
  }, null, null, LAST);
}

// What the editor will keep of `html`.
function filtered(editor, html) {
  const fragment = CKEDITOR.htmlParser.fragment.fromHtml(html, "p");
  editor.filter.applyTo(fragment, true);
  const writer = new CKEDITOR.htmlParser.basicWriter();
  fragment.writeHtml(writer);
  return writer.getHtml();
}

function filesOf(carried) {
  const number = carried ? carried.getFilesCount() : 0;
  return Array.from({ length: number }, (_, place) => carried.getFile(place)).filter(Boolean);
}

// Whether words came along: programs put a picture of copied words beside them.
function hasText(carried) {
  const html = carried.getData("text/html", true) || "";
  if (html) return parsed(html).textContent.trim() !== "" || parsed(html).querySelectorAll("img").length > 1;
  return Boolean((carried.getData("text/plain") || "").trim());
}

// The large heading above the place where the paste goes; "" at the top.
function headingAbove(editor, range) {
  const at = range || editor.getSelection()?.getRanges()[0];
  if (!at) return "";
  let heading = "";
  for (const one of editor.editable().$.querySelectorAll("h2")) {
    const place = one.compareDocumentPosition(at.startContainer.$);
    const isAbove = place & Node.DOCUMENT_POSITION_FOLLOWING || one.contains(at.startContainer.$);
    const words = one.textContent.replace(/\u200b/g, "").replace(/[\s\u00a0]+/g, " ").trim();
    if (isAbove && words) heading = words;
  }
  return heading;
}
