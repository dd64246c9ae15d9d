// Whether a text cites by numbers and brings its list of references along.

const CITES = /[^\s\d\[(][^\S\n]?[[(]\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}[\])]/;
const NUMBERS = /^\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}$/;
const IS_WORK = /\b10\.\d{4,9}\/|\bPMID\b|\b(?:19|20)\d\d[a-z]?\s?[;).:,]|[;.(]\s?(?:19|20)\d\d\b/i;
const LEAST = 2; // works in a list of references
const MOST_LETTERS = 1200; // of a work

// `body` with paragraphs and lists: the in-text citation that was seen first, as "[3]"; "" where there is none.
export function citedWithList(body) {
  const blocks = [...body.querySelectorAll("p, li, h2, h3, td")]
    .map((block) => ({ block, text: block.textContent.trim() }));
  const isWork = ({ block, text }) => text.length > 30 && text.length <= MOST_LETTERS && IS_WORK.test(text)
    && (/^[[(]?\d{1,3}[\].)\s]/.test(text) || block.closest("ol"));
  const works = new Set(blocks.filter(isWork));
  if (works.size < LEAST) return "";
  for (const line of blocks) {
    if (works.has(line)) continue;
    const mark = CITES.exec(line.text);
    if (mark) return mark[0].slice(1).trim();
    const raised = [...line.block.querySelectorAll("sup")].find((sup) => NUMBERS.test(sup.textContent));
    if (raised) return raised.textContent;
  }
  return "";
}
