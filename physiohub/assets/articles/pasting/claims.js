// What becomes of the markers of claims that are pasted.

const KEY = /^c[0-9a-z]{9}$/;
const inOneLine = (text) => text.replace(/\u200b/g, "").replace(/[\s\u00a0]+/g, " ").trim();

// Settles every <mark> under `body`. `isInText(key)`: the claim is marked in the text already, so this is a copy of it;
// `copy(key, words)`: the key of a new claim with the same sources, or null where the words may not have them.
// Gives { copied: [words], plain: [words], foreign: number of claims of other articles }.
export function settleMarks(body, { isKnown, isInText, copy }) {
  const told = { copied: [], plain: [], foreign: 0 };
  const markers = new Map(); // key -> its elements: one claim may be in several pieces
  for (const marker of body.querySelectorAll("mark")) {
    const key = marker.getAttribute("data-claim") || "";
    if (!markers.has(key)) markers.set(key, []);
    markers.get(key).push(marker);
  }
  for (const [key, pieces] of markers) {
    const words = inOneLine(pieces.map((piece) => piece.textContent).join("")); // as the editor reads them
    const isOurs = KEY.test(key) && isKnown(key);
    if (isOurs && !isInText(key)) continue; // it was cut out, and moves
    const made = isOurs ? copy(key, words) : null;
    if (made) {
      pieces.forEach((piece) => piece.setAttribute("data-claim", made));
      told.copied.push(words);
    } else {
      pieces.forEach((piece) => piece.replaceWith(...piece.childNodes));
      if (isOurs) told.plain.push(words);
      else if (key) told.foreign += 1; // a <mark> without a key is another program's highlighting
    }
  }
  return told;
}
