// What is in a text, counted, so that what a filter takes out can be told: the same counting before and after it.

const INLINE = new Set([
  "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
  "label", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
  "wbr",
]);
const MOST_WORDS_SHOWN = 8;

export const isInline = (element) => INLINE.has(element.localName);
const isList = (node) => /^[uo]l$/i.test(node.nodeName);
export const hasWords = (element) => /[\p{L}\p{N}]/u.test(element.textContent);

// The words under `root`. Letters on both sides of a block's edge are two words, of an inline element's one.
export function wordsOf(root) {
  const parts = [];
  (function read(node) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) parts.push(child.data);
      else if (child.nodeType === Node.ELEMENT_NODE) {
        const edge = isInline(child) ? "" : " ";
        parts.push(edge);
        read(child);
        parts.push(edge);
      }
    }
  })(root);
  return parts.join("").match(/[\p{L}\p{N}\p{M}]+/gu) || [];
}

// Where a link leads from any page: not into the document it was copied with, nor onto a disk.
export const worksAnywhere = (href) => /^(?:https?:\/\/|mailto:)[^\s\\]+$/i.test((href || "").trim());

// {kind: number} of what carries content besides the words. Elements without words count for nothing.
export function inventory(root) {
  const count = (selector, holds = hasWords) => [...root.querySelectorAll(selector)].filter(holds).length;
  return {
    headings: count("h1, h2, h3, h4, h5, h6"),
    items: count("li", (item) => [...item.childNodes].some((node) => !isList(node) && hasWords(node))),
    tables: count("table"),
    merged: count("td, th", (cell) => hasWords(cell) && (cell.colSpan > 1 || cell.rowSpan > 1)),
    raised: count("sup, sub"),
    links: count("a[href]"),
  };
}

// What of `before` is not in `after`, both {words, things}: {kind: number}, and `words`, the first that are missing.
export function missing(before, after) {
  const lost = {};
  for (const [kind, number] of Object.entries(before.things)) {
    if (number > after.things[kind]) lost[kind] = number - after.things[kind];
  }
  const left = new Map();
  for (const word of after.words) left.set(word, (left.get(word) || 0) + 1);
  const gone = [];
  for (const word of before.words) {
    const number = left.get(word) || 0;
    if (number) left.set(word, number - 1);
    else gone.push(word);
  }
  const shown = gone.slice(0, MOST_WORDS_SHOWN).join(" ");
  return { lost, words: gone.length > MOST_WORDS_SHOWN ? `${shown} …` : shown };
}
