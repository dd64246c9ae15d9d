// From what a clipboard carries to HTML of the words an article may hold (articles/richtext/allowed_html.py), with an
// account of what could not come along. Written for what Word, Google Docs and LibreOffice put there.

import { hasWords, inventory, isInline, wordsOf, worksAnywhere } from "./counting.js";
import { joinLists, makeWordLists, mendLists, nextTo } from "./lists.js";
import { headingLevel, isBold, isHidden, isItalic, isStruck, raised, stylesOf } from "./styles.js";

const KEPT = {
  p: [], h2: [], h3: [], blockquote: [], ul: [], ol: ["start"], li: [], strong: [], em: [], sub: [], sup: [], br: [],
  a: ["href"], table: [], caption: [], thead: [], tbody: [], tr: [], th: ["scope", "colspan", "rowspan"],
  td: ["colspan", "rowspan"], mark: ["data-claim"],
};
const BLOCKS = "p, h2, h3, blockquote, ul, ol, table";
const SAME = { b: "strong", i: "em", strong: "strong", em: "em", sub: "sub", sup: "sup" };
const UNSEEN = "script, style, meta, link, title, base, xml, template, noscript, input[type=hidden]";
// Elements that go with all that is in them, and what the writer calls them.
const LEFT_OUT = {
  formulas: "math, m\\:omath", drawings: "svg, canvas", media: "video, audio", embedded: "iframe, object, embed",
  fields: "input, select, textarea",
};
const TITLE_OF_DOCS = 20; // pt: Google Docs has no element for a title, only large letters
const LONGEST_TITLE = 120;

// { html, before: {words, things}, counts: {kind: number}, pictures: [{src, alt, heading}] }
export function read(html, { isOwn = false } = {}) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const { body } = page, counts = {};
  const add = (kind, number) => { if (number) counts[kind] = (counts[kind] || 0) + number; };
  const styleOf = stylesOf(page);
  const isDocs = Boolean(body.querySelector('[id^="docs-internal-guid"]'));
  body.querySelectorAll(UNSEEN).forEach((element) => element.remove());
  add("formulas", takeWordsFormulas(body));
  for (const [kind, selector] of Object.entries(LEFT_OUT)) {
    // Browsers write a formula twice, and one drawing is in another.
    add(kind, takeOut([...body.querySelectorAll(selector)].filter((one) => !one.parentElement.closest(selector))));
  }
  add("comments", takeOutComments(body, styleOf));
  add("changes", takeOutChanges(body));
  const hidden = [...body.querySelectorAll("[style], [class]")].filter((one) => isHidden(styleOf(one)));
  add("hidden", takeOut(hidden, hasWords));
  makeHeadings(body, styleOf, isDocs);
  const lists = makeWordLists(body, styleOf, (block) => /^h[23]$/.test(block.localName));
  add("lettered", lists.lettered + letteredLists(body, styleOf));
  makeInline(body, styleOf, add);
  const pictures = takePictures(body);
  if (!isOwn) add("links", unlink(body));
  const before = { words: wordsOf(body), things: inventory(body) };
  mendLists(body);
  keepTheVocabulary(body);
  joinLists(body);
  tidy(body);
  return { html: body.innerHTML.trim(), before, counts, pictures };
}

function takeOut(elements, counts = () => true) {
  const number = elements.filter(counts).length;
  elements.forEach((element) => element.remove());
  return number;
}

// Word writes a formula in a comment, and a picture of it for others.
function takeWordsFormulas(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const begins = [];
  while (walker.nextNode()) if (walker.currentNode.data.includes("!msEquation")) begins.push(walker.currentNode);
  for (const begin of begins) {
    const ends = (node) => /^\[endif/.test(node.data || "");
    for (let node = begin.nextSibling; node && !ends(node); node = begin.nextSibling) node.remove();
  }
  return begins.length;
}

function takeOutComments(body, styleOf) {
  const lists = [...body.querySelectorAll("div")].filter((one) => styleOf(one).get("mso-element") === "comment-list");
  const inLists = lists.reduce((sum, list) => sum + list.querySelectorAll(".msocomtxt").length, 0);
  takeOut(lists);
  const signs = takeOut([...body.querySelectorAll('.MsoCommentReference, a[href^="#cmnt"]')]);
  return Math.max(inLists, signs);
}

// What was deleted in a document that keeps its changes is not in its text any more; what was added is.
function takeOutChanges(body) {
  const added = [...body.querySelectorAll("ins")].filter(hasWords).length;
  return added + takeOut([...body.querySelectorAll("del, .msoDel")], hasWords);
}

function rename(element, name) {
  const made = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) made.setAttribute(key, value);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

const unwrap = (element) => element.replaceWith(...element.childNodes);

function makeHeadings(body, styleOf, isDocs) {
  for (const block of body.querySelectorAll("h1, h2, h3, h4, h5, h6, p, div")) {
    let level = headingLevel(block, styleOf);
    if (!level && isDocs && block.localName === "p" && isTitleOfDocs(block, styleOf)) level = 1;
    if (!level || !hasWords(block) || block.closest("li") || block.querySelector("p, div, h1, h2, h3, ul, ol, table")) {
      continue;
    }
    const heading = rename(block, level < 3 ? "h2" : "h3");
    heading.querySelectorAll("b, strong").forEach(unwrap); // headings are bold by themselves
    heading.querySelectorAll("span, font").forEach((span) => styleOf(span).delete("font-weight"));
  }
}

function isTitleOfDocs(block, styleOf) {
  if (block.textContent.length > LONGEST_TITLE || !hasWords(block)) return false;
  return [...block.children].every((span) => Number.parseFloat(styleOf(span).get("font-size")) >= TITLE_OF_DOCS);
}

function letteredLists(body, styleOf) {
  return [...body.querySelectorAll("ol")].filter((list) => {
    const first = list.querySelector(":scope > li");
    const type = [list, first].map((one) => (one && styleOf(one).get("list-style-type")) || "").join(" ");
    return /^[ai]$/i.test(list.getAttribute("type") || "") || /alpha|latin|roman/.test(type);
  }).length;
}

// Bold, italic, raised and lowered words, whatever says that they are.
function makeInline(body, styleOf, add) {
  let struck = 0;
  for (const element of body.querySelectorAll("span, font, b, strong, i, em, a, u, s, strike, sup, sub")) {
    const look = styleOf(element), tag = SAME[element.localName];
    const wraps = [];
    if (isBold(look) ?? tag === "strong") wraps.push("strong");
    if (isItalic(look) ?? tag === "em") wraps.push("em");
    const height = /^su[bp]$/.test(tag) ? tag : raised(element, styleOf);
    if (height) wraps.push(height);
    const isCrossed = isStruck(look) || /^s(trike)?$/.test(element.localName);
    if (isCrossed && hasWords(element) && !element.parentElement.closest("s, strike")) struck += 1;
    // Word and Docs put the look of whole paragraphs on spans around them.
    if (!element.textContent || [...element.children].some((child) => !isInline(child) && child.localName !== "br")) {
      if (tag) unwrap(element);
      continue;
    }
    let inside = element;
    for (const name of wraps.filter((name) => !element.parentElement.closest(name))) {
      const made = body.ownerDocument.createElement(name);
      made.append(...inside.childNodes);
      inside.append(made);
      inside = made;
    }
    if (tag) unwrap(element);
  }
  add("struck", struck);
}

// Each with the large heading it stands under; null where it is the one at the caret.
function takePictures(body) {
  const pictures = [];
  let heading = null;
  for (const element of body.querySelectorAll("h2, img, v\\:imagedata")) {
    if (element.localName === "h2") {
      heading = element.textContent.replace(/[\s\u00a0]+/g, " ").trim() || heading;
      continue;
    }
    const isDot = element.getAttribute("width") === "1" || element.getAttribute("height") === "1"; // counts readers
    const src = (element.getAttribute("src") || "").trim();
    if (!isDot && src) pictures.push({ src, alt: (element.getAttribute("alt") || "").trim(), heading });
    element.remove();
  }
  return pictures;
}

function unlink(body) {
  let number = 0;
  for (const link of body.querySelectorAll("a[href]")) {
    if (worksAnywhere(link.getAttribute("href"))) continue;
    if (hasWords(link)) number += 1;
    unwrap(link);
  }
  return number;
}

function keepTheVocabulary(body) {
  for (const element of [...body.querySelectorAll("*")].reverse()) { // what is inside comes first
    const { localName: tag } = element;
    if (tag === "pre") element.innerHTML = element.innerHTML.trim().replace(/\n/g, "<br>");
    if (!KEPT[tag] || (tag === "a" && !element.getAttribute("href"))) {
      if (isInline(element) || tag === "a" || /^t(foot|body)$|^col/.test(tag)) unwrap(element);
      else if (!element.querySelector(BLOCKS) && !element.closest("li, td, th, p")) rename(element, "p");
      else {
        wrapLines(element);
        unwrap(element);
      }
    }
  }
  for (const element of body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (!KEPT[element.localName]?.includes(name)) element.removeAttribute(name);
    }
  }
}

// Words between blocks become paragraphs before what holds them goes.
function wrapLines(element) {
  let line = null;
  for (const node of [...element.childNodes]) {
    const isOfLine = node.nodeType === Node.TEXT_NODE || (node.nodeType === Node.ELEMENT_NODE
      && (isInline(node) || KEPT[node.localName]?.length === 0 && /^(strong|em|su[bp]|br)$/.test(node.localName)));
    if (!isOfLine) line = null;
    else if (line) line.append(node);
    else if (node.nodeType !== Node.TEXT_NODE || node.data.trim()) {
      node.before(line = element.ownerDocument.createElement("p"));
      line.append(node);
    }
  }
}

function tidy(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT), notes = [];
  while (walker.nextNode()) notes.push(walker.currentNode);
  notes.forEach((note) => note.remove());
  if (body.querySelector(BLOCKS)) wrapLines(body);
  body.normalize();
  for (const line of body.querySelectorAll("br")) { // between paragraphs, as Docs writes empty ones
    const around = ["previousSibling", "nextSibling"].map((side) => nextTo(line, side));
    const isBetween = around.every((node) => !node || (node.nodeType === Node.ELEMENT_NODE && !isInline(node)));
    if (isBetween && around.some((node) => node && node.localName !== "br")) line.remove();
  }
  for (const element of [...body.querySelectorAll("strong, em, sub, sup, p, h2, h3, li")].reverse()) {
    if (element.textContent.replace(/[\s\u00a0]/g, "")) continue;
    if (/^(strong|em|su[bp])$/.test(element.localName)) unwrap(element);
    else if (!element.querySelector("table")) element.remove();
  }
}
